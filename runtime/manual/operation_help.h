// The page of help about one operation of the platform, and the same as JSON.
#pragma once

#include <span>
#include <string>

#include "cloud/catalog.h"
#include "json/value.h"
#include "manual/help_page.h"

namespace neap::manual {

std::string operation_text(const cloud::Operation& operation, std::size_t width);
json::Object operation_json(const cloud::Operation& operation);

// Parts of such a page. A parameter with what is in it, indented by `level` steps; at level 0 it
// says where it stands in the request, if that is wanted.
void add_param(HelpPage& page, const cloud::Param& param, std::size_t level, bool with_place);
void add_states(HelpPage& page, const cloud::Operation& operation);
void add_errors(HelpPage& page, const cloud::Operation& operation);
json::Array params_json(std::span<const cloud::Param> params);

}  // namespace neap::manual
