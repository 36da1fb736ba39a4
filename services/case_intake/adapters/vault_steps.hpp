#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "case_intake/app/read_report.hpp"

namespace tilts::case_intake {

// First wait of a report that could not be finished with the vault, by the city clock; doubles up to the longest.
inline constexpr std::chrono::seconds kFirstVaultWait{5};
inline constexpr std::chrono::seconds kLongestVaultWait{300};
core::CityTime NextVaultTry(core::CityTime now, int attempts);

// What the vault and the seal made of a report, before the transaction.
struct PreparedReport {
  ReadReport read;
  std::optional<HeldRow> held;  // the vault was not reached: the people, sealed
  std::optional<NoteRow> note;
  bool vault_waits = false;  // people or text
  bool list_waits = false;   // nothing is known of any institution yet

  // When the rest is tried; nothing: there is none.
  std::optional<core::CityTime> FinishAt(core::CityTime now) const;
};

// Resolves the people and seals the text. Never fails because of the vault: what it could not do is held.
// `request_key` tells this request from every other.
core::Result<PreparedReport> Prepare(const Office& office, ReadReport read, const std::string& request_key,
                                     core::CityTime now, const VaultCall& call);

// The people as the vault knows them; the same id and people again give the same persons.
core::Result<registry::v1::ResolvePersonsResponse> AskVault(const Office& office, const Report& report,
                                                            const std::vector<intake::v1::ReportedPerson>& people,
                                                            const std::string& vault_request_id, const VaultCall& call);

// The people of a held report, opened.
core::Result<std::vector<intake::v1::ReportedPerson>> OpenHeld(const Sealer& sealer, const HeldRow& row);

// Asks the vault to wrap the notes' keys under the child's key; the rows come back rewrapped. When the child was
// erased meanwhile they come back without a key: their texts are gone with it.
core::Result<std::vector<NoteRow>> WrapNotes(const Office& office, const core::PersonId& child,
                                             std::vector<NoteRow> notes, const VaultCall& call);

std::string NoteContext(const core::NoteId& id);

// The child whose case it is, as the report names it; empty while nobody in the vault is it.
core::PersonId ChildOf(const Rules& rules, const Report& report, core::CityTime now);

}  // namespace tilts::case_intake
