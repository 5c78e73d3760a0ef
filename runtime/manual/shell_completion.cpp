#include "manual/shell_completion.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::manual {
namespace {

// In single quotes, as every shell here understands it.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// What bash and zsh share: the tables, as functions of "case".
class Tables {
 public:
  Tables(const CommandShape& neap, std::span<const Runbook> runbooks,
         std::span<const std::string> topics)
      : runbooks_(runbooks), topics_(topics) {
    add(neap);
    for (const Runbook& runbook : runbooks_) add(runbook);
  }

  std::string text() const {
    return function("_neap_words", "what may stand next, by the words before it", words_) +
           function("_neap_options", "options, by the command", options_) +
           function("_neap_values", "values of an option, by its name", values_) +
           "# whether a value follows the option\n_neap_takes_value() {\n  case \"$1\" in\n    " +
           join(valued_, " | ") + ") return 0 ;;\n  esac\n  return 1\n}\n\n" +
           R"sh(# ids of kept runs
_neap_runs() {
  neap runs ls --output jsonl 2>/dev/null | sed -n 's/.*"id":"\([^"]*\)".*/\1/p'
}

)sh";
  }

 private:
  struct Row {
    std::string pattern;
    std::string body;
  };

  static std::string function(const std::string& name, const std::string& what,
                              const std::vector<Row>& rows) {
    std::string text = fmt::format("# {}\n{}() {{\n  case \"$1\" in\n", what, name);
    for (const Row& row : rows) text += fmt::format("    {}) {} ;;\n", row.pattern, row.body);
    return text + "  esac\n}\n\n";
  }

  static std::string lines(const std::vector<std::string>& words) {
    std::vector<std::string> all;
    all.reserve(words.size());
    for (const std::string& word : words) all.push_back(quoted(word));
    return "printf '%s\\n' " + join(all, " ");
  }

  void add(const CommandShape& command) {
    std::vector<std::string> words;
    for (const CommandShape& each : command.within) {
      words.push_back(each.name.substr(each.name.rfind(' ') + 1));
    }
    std::string dynamic;
    std::vector<std::string> options;
    for (const OptionShape& option : command.options) {
      if (option.is_word()) {
        if (option.names.front() == "RUN") dynamic = "; _neap_runs";
        if (option.names.front() == "RUNBOOK") append_runbooks(words);
        if (option.names.front() == "TOPIC")
          words.insert(words.end(), topics_.begin(), topics_.end());
        words.insert(words.end(), option.choices.begin(), option.choices.end());
      } else {
        add_option(option, options);
      }
    }
    const std::string key = quoted(command.name);
    if (!words.empty() || !dynamic.empty()) {
      words_.push_back({key, (words.empty() ? ":" : lines(words)) + dynamic});
    }
    if (!options.empty()) options_.push_back({key, lines(options)});
    for (const CommandShape& each : command.within) add(each);
  }

  void append_runbooks(std::vector<std::string>& words) const {
    for (const Runbook& runbook : runbooks_) words.push_back(runbook.name);
  }

  void add_option(const OptionShape& option, std::vector<std::string>& options) {
    for (const std::string& name : option.names) {
      options.push_back(name);
      if (option.takes_value) add_valued(name);
      if (!option.choices.empty()) add_values(name, option.choices);
    }
  }

  void add_valued(const std::string& name) {
    for (const std::string& known : valued_) {
      if (known == name) return;
    }
    valued_.push_back(name);
  }

  void add_values(const std::string& name, const std::vector<std::string>& choices) {
    for (const Row& known : values_) {
      if (known.pattern == name) return;
    }
    values_.push_back({name, lines(choices)});
  }

  // A runbook's parameters are options once it is named.
  void add(const Runbook& runbook) {
    std::vector<std::string> flags;
    for (const RunbookParameter& parameter : runbook.parameters) {
      const std::string flag = Runbook::flag(parameter);
      flags.push_back(flag);
      if (parameter.type != "boolean") add_valued(flag);
      if (!parameter.choices.empty()) add_values(flag, parameter.choices);
    }
    for (const char* command : {"run ", "rehearse "}) {
      if (!flags.empty()) options_.push_back({quoted(command + runbook.name), lines(flags)});
    }
  }

  std::span<const Runbook> runbooks_;
  std::span<const std::string> topics_;
  std::vector<Row> words_;
  std::vector<Row> options_;
  std::vector<Row> values_;
  std::vector<std::string> valued_;
};

// Both walk the words that stand: `key` is the command, then the runbook.
constexpr const char* kBash = R"sh(_neap() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} key='' word i candidates
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -* ]]; then
      _neap_takes_value "$word" && ((i++))
    elif _neap_words "$key" | grep -qxF -- "$word"; then
      key=${key:+$key }$word
    fi
  done
  if _neap_takes_value "$prev"; then
    candidates=$(_neap_values "$prev")
  elif [[ $cur == -* ]]; then
    candidates=$(_neap_options "$key"; _neap_options "${key%% *}"; _neap_options '')
  else
    candidates=$(_neap_words "$key")
  fi
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$candidates" -- "$cur"))
}
complete -o default -F _neap neap
)sh";

constexpr const char* kZsh = R"sh(_neap() {
  local cur=${words[CURRENT]} prev=${words[CURRENT-1]} key='' word candidates
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    if [[ $word == -* ]]; then
      _neap_takes_value "$word" && ((i++))
    elif _neap_words "$key" | grep -qxF -- "$word"; then
      key=${key:+$key }$word
    fi
  done
  if _neap_takes_value "$prev"; then
    candidates=$(_neap_values "$prev")
  elif [[ $cur == -* ]]; then
    candidates=$(_neap_options "$key"; _neap_options "${key%% *}"; _neap_options '')
  else
    candidates=$(_neap_words "$key")
  fi
  if [[ -n $candidates ]]; then
    compadd -- ${(f)candidates}
  else
    _files
  fi
}
compdef _neap neap
)sh";

class Fish {
 public:
  Fish(std::span<const Runbook> runbooks, std::span<const std::string> topics)
      : runbooks_(runbooks), topics_(topics) {}

  std::string of(const CommandShape& neap) {
    text_ = R"sh(# Completion of neap for fish; made by neap completion fish.
function __neap_runs
  neap runs ls --output jsonl 2>/dev/null | string match -r '"id":"[^"]*"' | string split -f4 '"'
end

)sh";
    add(neap, "");
    return text_;
  }

 private:
  void line(const std::string& condition, const std::string& rest) {
    text_ += "complete -c neap";
    if (!condition.empty()) text_ += " -n " + quoted(condition);
    text_ += " " + rest + "\n";
  }

  void add(const CommandShape& command, const std::string& condition) {
    std::string names;
    for (const CommandShape& each : command.within) {
      names += " " + each.name.substr(each.name.rfind(' ') + 1);
    }
    const std::string before = command.name.empty() ? "__fish_use_subcommand"
                               : names.empty()
                                   ? condition
                                   : condition + "; and not __fish_seen_subcommand_from" + names;
    for (const CommandShape& each : command.within) {
      const std::string word = each.name.substr(each.name.rfind(' ') + 1);
      line(before, fmt::format("-a {} -d {}", word, quoted(each.summary)));
    }
    for (const OptionShape& option : command.options) add(option, condition);
    for (const CommandShape& each : command.within) {
      const std::string word = each.name.substr(each.name.rfind(' ') + 1);
      const std::string_view joint = condition.empty() ? "" : "; and ";
      add(each, fmt::format("{}{}__fish_seen_subcommand_from {}", condition, joint, word));
    }
  }

  void add(const OptionShape& option, const std::string& condition) {
    if (option.is_word()) return add_word(option, condition);
    std::string rest;
    for (const std::string& name : option.names) {
      rest += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
    }
    if (option.takes_value) rest += "-r ";
    if (!option.choices.empty()) rest += "-f -a " + quoted(join(option.choices, " ")) + " ";
    line(condition, rest + "-d " + quoted(option.help));
  }

  void add_word(const OptionShape& option, const std::string& condition) {
    if (!option.choices.empty()) line(condition, "-f -a " + quoted(join(option.choices, " ")));
    if (option.names.front() == "RUN") line(condition, "-f -a '(__neap_runs)'");
    if (option.names.front() == "TOPIC") {
      line(condition, "-f -a " + quoted(join(std::vector(topics_.begin(), topics_.end()), " ")));
    }
    if (option.names.front() != "RUNBOOK") return;
    for (const Runbook& runbook : runbooks_) {
      line(condition, fmt::format("-a {} -d {}", runbook.name, quoted(runbook.summary)));
      for (const RunbookParameter& parameter : runbook.parameters) {
        std::string rest = "-l " + Runbook::flag(parameter).substr(2);
        if (parameter.type != "boolean") rest += " -r";
        if (!parameter.choices.empty()) rest += " -f -a " + quoted(join(parameter.choices, " "));
        line(condition + "; and __fish_seen_subcommand_from " + runbook.name,
             rest + " -d " + quoted(parameter.help));
      }
    }
  }

  std::span<const Runbook> runbooks_;
  std::span<const std::string> topics_;
  std::string text_;
};

}  // namespace

Result<std::string> completion_script(const std::string& shell, const CommandShape& neap,
                                      std::span<const Runbook> runbooks,
                                      std::span<const std::string> topics) {
  if (shell == "bash") {
    return "# Completion of neap for bash; made by neap completion bash.\n\n" +
           Tables(neap, runbooks, topics).text() + kBash;
  }
  if (shell == "zsh") {
    return "#compdef neap\n# Completion of neap for zsh; made by neap completion zsh.\n\n" +
           Tables(neap, runbooks, topics).text() + kZsh;
  }
  if (shell == "fish") return Fish(runbooks, topics).of(neap);
  return fail(ErrorKind::kUsage,
              fmt::format("there is no completion for the shell \"{}\"", printable(shell)),
              "neap completion bash, zsh or fish");
}

}  // namespace neap::manual
