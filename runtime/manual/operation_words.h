// An entry of the catalogue in words: what help says about parameters, rules and states.
#pragma once

#include <string>

#include "cloud/catalog.h"

namespace neap::manual {

std::string type_words(cloud::Type type);            // "list of strings"
std::string_view place_word(cloud::Place place);     // "query"
std::string_view effect_word(cloud::Effect effect);  // "guarded"
// "changes; the state it is allowed from keeps it from happening twice"
std::string_view effect_words(cloud::Effect effect);
// "limit and offset, until a page is empty"; nothing for what is no list.
std::string_view paging_words(cloud::Paging paging);
// What a value of the parameter must be: its rule, range, choices and default.
std::string limit_words(const cloud::Param& param);
// "at least one of name, description is given"
std::string constraint_words(const cloud::Constraint& constraint);
// "from available or error-starting: starting, then protected; error-starting if it fails"
std::string transition_words(const cloud::Transition& transition);
// "a, b or c"
std::string either(cloud::Words words);

}  // namespace neap::manual
