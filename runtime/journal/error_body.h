// An Error as a JSON object, in the log and in documents.
#pragma once

#include "base/error.h"
#include "json/value.h"

namespace neap::journal {

// Every field that says something, under its own name.
json::Object body_of(const Error& error);
Error error_of(const json::Object& body);

}  // namespace neap::journal
