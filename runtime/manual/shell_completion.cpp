#include "manual/shell_completion.h"

#include <algorithm>
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

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void collect_valued(const CommandShape& command, std::vector<std::string>& names) {
  for (const OptionShape& option : command.options) {
    if (option.is_word() || !option.takes_value) continue;
    for (const std::string& name : option.names) add_once(names, name);
  }
  for (const CommandShape& each : command.within) collect_valued(each, names);
}

// Every option that a value follows, of any command or runbook.
std::vector<std::string> valued_options(const CommandShape& neap,
                                        std::span<const Runbook> runbooks) {
  std::vector<std::string> names;
  collect_valued(neap, names);
  for (const Runbook& runbook : runbooks) {
    for (const RunbookParameter& parameter : runbook.parameters) {
      if (parameter.type != "boolean") add_once(names, Runbook::flag(parameter));
    }
  }
  return names;
}

std::string last_word(const CommandShape& command) {
  return command.name.substr(command.name.rfind(' ') + 1);
}

// What bash and zsh share: the tables, as functions of "case".
class Tables {
 public:
  Tables(const CommandShape& neap, std::span<const Runbook> runbooks,
         std::span<const std::string> topics)
      : runbooks_(runbooks), topics_(topics), valued_(valued_options(neap, runbooks)) {
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
    for (const CommandShape& each : command.within) words.push_back(last_word(each));
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
      if (!option.choices.empty()) add_values(name, option.choices);
    }
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
  [[ -n $candidates ]] && compadd -- ${(f)candidates} || _files
}
# Found in $fpath, this file is the function's body when it is called for the first time.
if [[ ${funcstack[1]} == _neap ]]; then
  _neap "$@"
else
  compdef _neap neap
fi
)sh";

// The words that stand, options and their values left out, are compared with a command's name, or
// with what it begins with.
constexpr std::string_view kFish = R"sh(function __neap_runs
  neap runs ls --output jsonl 2>/dev/null | string match -r '"id":"[^"]*"' | string split -f4 '"'
end

function __neap_words
  set -l words
  set -l is_value 0
  for word in (commandline -opc)[2..-1]
    if test $is_value = 1
      set is_value 0
    else if string match -q -- '-*' $word
      contains -- $word $__neap_valued; and set is_value 1
    else
      set -a words $word
    end
  end
  echo "$words"
end

function __neap_at
  test (__neap_words) = "$argv"
end

function __neap_in
  set -l words (__neap_words)
  test "$words" = "$argv"; or string match -q -- "$argv *" "$words"
end

)sh";

class Fish {
 public:
  Fish(std::span<const Runbook> runbooks, std::span<const std::string> topics)
      : runbooks_(runbooks), topics_(topics) {}

  std::string of(const CommandShape& neap) {
    text_ = "# Completion of neap for fish; made by neap completion fish.\nset -g __neap_valued " +
            join(valued_options(neap, runbooks_), " ") + "\n\n";
    text_ += kFish;
    add(neap);
    return text_;
  }

 private:
  static std::string at(const std::string& words) { return "__neap_at " + words; }
  static std::string in(const std::string& words) {
    return words.empty() ? std::string() : "__neap_in " + words;
  }

  void line(const std::string& condition, const std::string& rest) {
    text_ += "complete -c neap";
    if (!condition.empty()) text_ += " -n " + quoted(condition);
    text_ += " " + rest + "\n";
  }

  void add(const CommandShape& command) {
    for (const CommandShape& each : command.within) {
      line(at(command.name), fmt::format("-f -a {} -d {}", last_word(each), quoted(each.summary)));
    }
    for (const OptionShape& option : command.options) {
      option.is_word() ? add_word(option, command.name) : add(option, command.name);
    }
    for (const CommandShape& each : command.within) add(each);
  }

  void add(const OptionShape& option, const std::string& command) {
    std::string rest;
    for (const std::string& name : option.names) {
      rest += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
    }
    if (option.takes_value) rest += "-r ";
    if (!option.choices.empty()) rest += "-f -a " + quoted(join(option.choices, " ")) + " ";
    line(in(command), rest + "-d " + quoted(option.help));
  }

  void add_word(const OptionShape& option, const std::string& command) {
    const std::string& name = option.names.front();
    if (!option.choices.empty()) line(at(command), "-f -a " + quoted(join(option.choices, " ")));
    if (name == "RUN") line(at(command), "-f -a '(__neap_runs)'");
    if (name == "TOPIC") {
      line(at(command), "-f -a " + quoted(join(std::vector(topics_.begin(), topics_.end()), " ")));
    }
    if (name != "RUNBOOK") return;  // which may be a file, too
    for (const Runbook& runbook : runbooks_) {
      line(at(command), fmt::format("-a {} -d {}", runbook.name, quoted(runbook.summary)));
      for (const RunbookParameter& parameter : runbook.parameters) {
        add(parameter, command + " " + runbook.name);
      }
    }
  }

  void add(const RunbookParameter& parameter, const std::string& words) {
    std::string rest = "-l " + Runbook::flag(parameter).substr(2);
    if (parameter.type != "boolean") rest += " -r";
    if (!parameter.choices.empty()) rest += " -f -a " + quoted(join(parameter.choices, " "));
    line(in(words), rest + " -d " + quoted(parameter.help));
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
