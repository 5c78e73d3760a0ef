#include "app/words.h"

#include <CLI/CLI.hpp>

namespace neap::app {
namespace {

const CLI::Option* find_option(const std::string& name, const CLI::App& program,
                               const CLI::App& command) {
  const CLI::Option* option = command.get_option_no_throw(name);
  return option != nullptr ? option : program.get_option_no_throw(name);
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

}  // namespace

SplitArguments split_arguments(const std::vector<std::string>& arguments, const CLI::App& program,
                               const CLI::App& command) {
  SplitArguments split;
  bool named = false;  // the runbook is
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!is_option(word)) {
      (named ? split.words : split.own).push_back(word);
      named = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const CLI::Option* option = find_option(word.substr(0, equals), program, command);
    std::vector<std::string>& target = option != nullptr ? split.own : split.words;
    target.push_back(word);
    const bool takes_value = option == nullptr || option->get_items_expected_max() > 0;
    const bool value_follows =
        i + 1 < arguments.size() && (option != nullptr || !is_option(arguments[i + 1]));
    if (!takes_value || equals != std::string::npos || !value_follows) continue;
    // Before the runbook is named, a word after an unknown option is more likely the runbook.
    if (option == nullptr && !named) continue;
    target.push_back(arguments[++i]);
    if (option != nullptr && option->get_name() == "-e") named = true;
  }
  return split;
}

}  // namespace neap::app
