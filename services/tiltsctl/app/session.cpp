#include "tiltsctl/app/session.hpp"

#include <ostream>

#include "wire/json.hpp"

namespace tilts::tiltsctl {

core::Result<int> Show(Session& session, const google::protobuf::Message& message, const std::function<void()>& print) {
  if (session.json) {
    TILTS_ASSIGN(const std::string json, wire::ToJson(message, wire::JsonStyle::kPretty));
    session.out << json << '\n';
  } else {
    print();
  }
  return kDone;
}

int Complain(std::ostream& err, const core::Error& error) {
  err << "tiltsctl: " << error.message;
  if (!error.reason.empty()) err << " (" << error.reason << ")";
  err << '\n';
  for (const core::Violation& violation : error.violations) {
    err << "  " << violation.field << ": " << violation.message << " (" << violation.code << ")\n";
  }
  const bool ours = error.reason == "ARGUMENTS" || error.reason == "CONFIG" || error.reason == "FILE";
  if (ours) return kUsage;
  return error.code == core::Errc::kUnavailable || error.code == core::Errc::kTimeout ? kUnreachable : kRefused;
}

}  // namespace tilts::tiltsctl
