#include "tiltsctl/app/case_commands.hpp"

#include <absl/strings/str_join.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <ostream>

#include "core/concat.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/message_text.hpp"
#include "tiltsctl/app/table.hpp"

namespace tilts::tiltsctl {

core::Result<int> ShowCase(Session& session, const std::string& case_id) {
  intake::v1::GetCaseRequest request;
  request.set_case_id(case_id);
  TILTS_ASSIGN(const auto answer, session.connection.Call<intake::v1::GetCaseResponse>(
                                      "case-intake", "tilts.intake.v1.IntakeService/GetCase", request));
  return Show(session, answer, [&] { PrintMessage(answer.case_file(), session.out); });
}

core::Result<int> ExplainCase(Session& session, const std::string& case_id) {
  referrals::v1::ExplainRoutingRequest request;
  request.set_case_id(case_id);
  TILTS_ASSIGN(const auto answer,
               session.connection.Call<referrals::v1::ExplainRoutingResponse>(
                   "referral-routing", "tilts.referrals.v1.ReferralService/ExplainRouting", request));
  return Show(session, answer, [&] {
    session.out << "rules " << answer.rule_set_version() << '\n';
    Table table({"RULE", "VERSION", "MATCHED", "REASON", "LEGAL BASIS", "REFERRALS"});
    for (const auto& rule : answer.rules()) {
      table.Add({rule.rule_id(), core::Concat(rule.rule_version()), rule.matched() ? "yes" : "no", rule.reason(),
                 rule.legal_basis(), absl::StrJoin(rule.referral_ids(), " ")});
    }
    table.Print(session.out);
  });
}

}  // namespace tilts::tiltsctl
