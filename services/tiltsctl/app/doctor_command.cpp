#include "tiltsctl/app/doctor_command.hpp"

#include <ostream>
#include <thread>

#include "tiltsctl/app/diagnosis.hpp"
#include "tiltsctl/app/message_text.hpp"

namespace tilts::tiltsctl {
namespace {

void Print(const operations::v1::Diagnosis& diagnosis, std::size_t services, std::ostream& out) {
  if (diagnosis.healthy()) {
    out << "healthy: " << services << " services answer, nothing is stuck\n";
  } else {
    out << "NOT HEALTHY\n";
  }
  int number = 0;
  for (const auto& finding : diagnosis.findings()) {
    out << '\n' << ++number << ". " << finding.hop() << ": " << finding.what() << '\n';
    if (!finding.oldest().empty()) out << "   oldest   " << finding.oldest() << '\n';
    out << "   runbook  docs/runbooks/" << finding.runbook() << ".md\n";
    out << "   next     " << finding.next_command() << '\n';
  }
  if (diagnosis.oldest_undone().empty()) return;
  out << "\noldest undone item: " << diagnosis.oldest_undone() << ", since " << TimeText(diagnosis.oldest_undone_at())
      << " city time\n";
}

// A key that every service refuses is no illness of theirs.
bool Refused(const core::Error& error) {
  return error.code == core::Errc::kUnauthenticated || error.code == core::Errc::kDenied;
}

}  // namespace

core::Result<int> ShowDiagnosis(Session& session, std::chrono::milliseconds patience) {
  const std::vector<StatusAnswer> earlier = AskAll(session.connection);
  for (const StatusAnswer& answer : earlier) {
    if (!answer.status && Refused(answer.status.error())) return core::Fail(answer.status.error());
  }
  std::vector<StatusAnswer> later;
  if (NeedsSecondLook(earlier)) {
    std::this_thread::sleep_for(patience);
    later = AskAll(session.connection);
  }
  const auto diagnosis = Diagnose(earlier, later.empty() ? earlier : later);
  TILTS_ASSIGN(const int shown, Show(session, diagnosis, [&] { Print(diagnosis, earlier.size(), session.out); }));
  return diagnosis.healthy() ? shown : kRefused;
}

}  // namespace tilts::tiltsctl
