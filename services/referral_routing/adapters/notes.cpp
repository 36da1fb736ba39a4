#include "referral_routing/adapters/notes.hpp"

#include "crypto/random.hpp"
#include "crypto/seal.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;

constexpr char kPersonErased[] = "PERSON_ERASED";

}  // namespace

SealedNote Notes::Seal(const std::string& text, const core::PersonId& person, const PeerCall& call) const {
  const crypto::SecretKey key = crypto::SecretKey::Random();
  SealedNote note;
  note.note_id = crypto::RandomId();
  note.sealed = crypto::Seal(key, text, note.note_id);
  if (!person.empty()) {
    if (auto wrapped = vault_.Wrap(person, std::string(key.bytes()), call)) {
      note.person = person;
      note.wrapped_key = std::move(*wrapped);
      return note;
    }
  }
  note.wrapped_key = holding_.Wrap(key, note.note_id);
  return note;
}

Result<std::string> Notes::Open(const Row& row, const PeerCall& call) const {
  if (row.person.empty()) {
    TILTS_ASSIGN(const crypto::SecretKey key, holding_.Unwrap(row.wrapped_key, row.note_id));
    return crypto::Open(key, row.sealed, row.note_id);
  }
  const auto bytes = vault_.Unwrap(row.person, row.wrapped_key, call);
  if (!bytes && bytes.error().reason == kPersonErased) return std::string();
  if (!bytes) return core::Fail(bytes.error());
  TILTS_ASSIGN(const crypto::SecretKey key, crypto::SecretKey::FromBytes(*bytes));
  return crypto::Open(key, row.sealed, row.note_id);
}

Result<std::size_t> Notes::Rewrap(postgres::Database& database, int limit, const PeerCall& call) const {
  TILTS_ASSIGN(const auto rows, database.Query("SELECT n.note_id, n.wrapped_key, c.subject_id FROM note n "
                                               "JOIN referral r USING (referral_id) JOIN routed_case c USING (case_id) "
                                               "WHERE n.person_id IS NULL AND c.subject_id IS NOT NULL LIMIT $1",
                                               {limit}));
  std::size_t done = 0;
  for (const postgres::Row row : rows) {
    TILTS_ASSIGN(const crypto::SecretKey key, holding_.Unwrap(row.BytesOf(1), row.Text(0)));
    TILTS_ASSIGN(const std::string wrapped, vault_.Wrap(core::PersonId(row.Text(2)), std::string(key.bytes()), call));
    TILTS_CHECK(
        database.Query("UPDATE note SET person_id = $2, wrapped_key = $3 WHERE note_id = $1 AND person_id IS NULL",
                       {row.Text(0), row.Text(2), postgres::Bytes{wrapped}}));
    ++done;
  }
  return done;
}

}  // namespace tilts::referral_routing
