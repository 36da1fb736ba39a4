#include "tiltsctl/app/completion.hpp"

#include <absl/strings/str_join.h>

#include <ostream>

namespace tilts::tiltsctl {

void PrintBashCompletion(const CompletionWords& words, std::ostream& out) {
  out << R"(_tiltsctl() {
  local word path=""
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "${path:+$path }$word" in
)";
  for (const auto& [path, choices] : words) {
    if (!path.empty()) out << "      \"" << path << "\") path=\"" << path << "\" ;;\n";
  }
  out << R"(    esac
  done
  local choices
  case "$path" in
)";
  for (const auto& [path, choices] : words) {
    out << "    \"" << path << "\") choices=\"" << absl::StrJoin(choices, " ") << "\" ;;\n";
  }
  out << R"(  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _tiltsctl tiltsctl
)";
}

}  // namespace tilts::tiltsctl
