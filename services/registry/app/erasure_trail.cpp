#include "registry/app/erasure_trail.hpp"

#include <tilts/audit/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include <string_view>

#include "backbone/audit.hpp"
#include "events/envelope_codec.hpp"
#include "registry/app/command.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

using core::Result;

constexpr std::string_view kErasePerson = "tilts.registry.v1.VaultService/ErasePerson";
constexpr std::string_view kDestroyKey = "tilts.registry.v1.PupilService/DestroyStatisticsKey";
constexpr std::string_view kPerson = "person/";
constexpr std::string_view kStatisticsKey = "statistics-key/";

// The reason is who was allowed and the basis: "OPERATOR.GDPR-17".
std::string BasisOf(const std::string& reason) {
  const std::size_t dot = reason.find('.');
  return dot == std::string::npos ? reason : reason.substr(dot + 1);
}

Result<bool> ErasePersonAgain(VaultSession& session, const std::string& person_id, const TracedErasure& erasure) {
  const auto row = session.Lock(person_id);
  // A database older than the person: nothing of theirs is here.
  if (!row && row.error().reason == "PERSON_UNKNOWN") return false;
  if (!row) return core::Fail(row.error());
  if (row->erased) return false;
  TILTS_CHECK(session.Erase(row->root_id, erasure.basis, erasure.at));
  return true;
}

}  // namespace

std::optional<TracedErasure> ReadErasure(const events::Record& record) {
  const auto envelope = events::Decode(record.value);
  audit::v1::AuditRecorded told;
  if (!envelope || envelope->type() != told.GetDescriptor()->full_name()) return std::nullopt;
  if (!events::DecodeEventInto(*envelope, told) || !told.allowed()) return std::nullopt;
  if (told.chain_id() != kPersonsChain || (told.method() != kErasePerson && told.method() != kDestroyKey)) {
    return std::nullopt;
  }
  const auto at = wire::FromTimestamp(told.at());
  if (!at) return std::nullopt;
  TracedErasure erasure{envelope->id(), {}, {}, BasisOf(told.decision_reason()), *at};
  for (const std::string& id : told.object_ids()) {
    if (id.starts_with(kPerson)) erasure.person_ids.push_back(id.substr(kPerson.size()));
    if (id.starts_with(kStatisticsKey)) erasure.school_years.push_back(id.substr(kStatisticsKey.size()));
  }
  return erasure;
}

Result<std::size_t> EraseAgain(VaultSession& session, const TracedErasure& erasure, core::CityTime now) {
  std::vector<std::string> objects;
  for (const std::string& id : erasure.person_ids) {
    TILTS_ASSIGN(const bool erased, ErasePersonAgain(session, id, erasure));
    if (erased) objects.push_back(std::string(kPerson) + id);
  }
  for (const std::string& year : erasure.school_years) {
    TILTS_ASSIGN(const bool destroyed, session.DestroyStatisticsKey(year, erasure.at));
    if (destroyed) objects.push_back(std::string(kStatisticsKey) + year);
  }
  const std::size_t count = objects.size();
  if (count == 0) return count;
  TILTS_ASSIGN(const auto draft,
               backbone::AuditOfSystem("registry", "erase-again", erasure.record_id, 0, now,
                                       Written(kPersonsChain, std::move(objects), "AGAIN." + erasure.basis)));
  TILTS_CHECK(session.Emit(draft));
  return count;
}

}  // namespace tilts::registry
