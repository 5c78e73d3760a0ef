// Deciding before anything is sent whether the state of things allows a call at all, by the same
// table that says afterwards whether it happened. Nothing here looks or sends.
#pragma once

#include "base/error.h"
#include "cloud/catalog.h"
#include "cloud/view.h"

namespace neap::cloud {

// Kind precondition when the catalogue says that what the call acts on, or its protection group
// (nullptr: not looked at), is in a status that does not allow it: the message names the operation,
// the thing, its status and the allowed ones, the hint the way there. What is not there, and a
// status that the catalogue does not know, are left to the service.
Result<void> preflight(const Operation& operation, const View& thing, const View* group);

// Any operation on protection groups: how they are looked at.
const Operation& group_verb();

}  // namespace neap::cloud
