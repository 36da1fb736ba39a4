#include "tiltsctl/app/audit_command.hpp"

#include <tilts/audit/v1/verification.pb.h>

#include <ostream>

#include "audit_chain/verifier.hpp"
#include "core/concat.hpp"
#include "crypto/ed25519.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/audit_source.hpp"
#include "tiltsctl/app/progress.hpp"
#include "tiltsctl/app/table.hpp"

namespace tilts::tiltsctl {
namespace {

// What is known without asking the service.
struct Trusted {
  std::vector<std::string> public_keys;
  std::vector<audit_chain::Checkpoint> checkpoints;
};

core::Result<Trusted> ReadTrusted(const Session& session, const AuditOptions& options) {
  const config::v1::ClientConfig& config = session.connection.config();
  Trusted trusted;
  std::vector<std::string> key_files = options.public_key_files;
  if (key_files.empty()) {
    key_files.assign(config.audit_public_key_files().begin(), config.audit_public_key_files().end());
  }
  if (key_files.empty()) {
    return core::Fail(core::Errc::kInvalid, "name the key that signs checkpoints with --public-key", "ARGUMENTS");
  }
  for (const std::string& file : key_files) {
    auto key = crypto::ReadPublicKeyFile(file);
    if (!key) return core::Fail(core::Errc::kInvalid, core::Concat("cannot read a public key from ", file), "FILE");
    trusted.public_keys.push_back(*std::move(key));
  }
  const std::string& witness = options.witness_file.empty() ? config.audit_witness_file() : options.witness_file;
  if (witness.empty()) {
    session.err << "tiltsctl: without --witness a cut end can hide: only what the service itself says is checked\n";
    return trusted;
  }
  TILTS_ASSIGN(const std::string text, ReadWholeFile(witness));
  TILTS_ASSIGN(trusted.checkpoints, audit_chain::ParseWitness(text));
  return trusted;
}

core::Result<audit::v1::ChainVerdict> VerifyChain(Session& session, AuditSource& source, const std::string& chain_id,
                                                  std::uint64_t head, audit_chain::ChainVerifier verifier) {
  Progress progress(session, core::Concat("verifying ", chain_id));
  std::uint64_t last = 0;
  for (bool more = true; more;) {
    TILTS_ASSIGN(const auto page, source.Page(chain_id, last));
    more = !page.empty();
    for (const audit_chain::Entry& entry : page) {
      last = entry.sequence;
      more = verifier.Add(entry);
      if (!more) break;
    }
    progress.Show(last, head);
  }
  audit::v1::ChainVerdict verdict;
  verdict.set_chain_id(chain_id);
  const auto finding = verifier.Finish(head);
  verdict.set_verified_records(verifier.verified());
  verdict.set_verified_checkpoints(verifier.checkpoints());
  if (finding) {
    verdict.set_finding(std::string(audit_chain::ToString(finding->kind)));
    verdict.set_first_sequence(finding->sequence);
    verdict.set_last_sequence(finding->last_sequence);
    verdict.set_description(audit_chain::Describe(*finding));
  }
  return verdict;
}

void PrintReport(const audit::v1::VerificationReport& report, std::ostream& out) {
  Table table({"CHAIN", "RECORDS", "CHECKPOINTS", "VERDICT"});
  std::uint64_t records = 0;
  for (const auto& chain : report.chains()) {
    records += chain.verified_records();
    table.Add({chain.chain_id(), core::Concat(chain.verified_records()), core::Concat(chain.verified_checkpoints()),
               chain.finding().empty() ? "intact" : chain.description()});
  }
  table.Print(out);
  out << (report.intact() ? "audit: intact, " : "audit: NOT INTACT, ") << records << " records in "
      << report.chains_size() << " chains verified\n";
}

}  // namespace

core::Result<int> VerifyAudit(Session& session, const AuditOptions& options) {
  TILTS_ASSIGN(Trusted trusted, ReadTrusted(session, options));
  AuditSource source(session.connection);
  // Checkpoints first: what is signed before the entries are read must be among them.
  TILTS_ASSIGN(const auto stored, source.Checkpoints());
  TILTS_ASSIGN(auto heads, source.Heads());
  trusted.checkpoints.insert(trusted.checkpoints.end(), stored.begin(), stored.end());
  // A chain that the service no longer knows is a finding too.
  for (const auto& checkpoint : trusted.checkpoints) heads.try_emplace(checkpoint.chain_id, 0);
  audit::v1::VerificationReport report;
  report.set_intact(true);
  for (const auto& [chain_id, head] : heads) {
    TILTS_ASSIGN(*report.add_chains(),
                 VerifyChain(session, source, chain_id, head,
                             audit_chain::ChainVerifier(chain_id, trusted.checkpoints, trusted.public_keys)));
    if (!report.chains(report.chains_size() - 1).finding().empty()) report.set_intact(false);
  }
  TILTS_CHECK(Show(session, report, [&] { PrintReport(report, session.out); }));
  return report.intact() ? kDone : kRefused;
}

}  // namespace tilts::tiltsctl
