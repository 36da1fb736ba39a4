#include "postgres/idempotency.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include "core/sha256.hpp"

namespace tilts::postgres {
namespace {

constexpr std::size_t kLongestKey = 200;

// Map entries in key order, so that the same request has the same bytes within this build of the contracts.
std::string Canonical(const google::protobuf::Message& request) {
  std::string bytes = request.GetTypeName();
  bytes += '\0';
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  request.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::string Idempotency::Fingerprint(std::string_view canonical_request) const {
  const core::Sha256Digest digest = core::HmacSha256(secret_, canonical_request);
  return {digest.begin(), digest.end()};
}

core::Result<std::optional<std::string>> Idempotency::Begin(UnitOfWork& unit, const std::string& institution_id,
                                                            const std::string& key,
                                                            const google::protobuf::Message& request) const {
  return Begin(unit, institution_id, key, Canonical(request));
}

core::Result<std::optional<std::string>> Idempotency::Begin(UnitOfWork& unit, const std::string& institution_id,
                                                            const std::string& key,
                                                            std::string_view canonical_request) const {
  if (key.empty() || key.size() > kLongestKey) {
    return core::Fail(core::Errc::kInvalid, "send a request id of 1 to 200 characters", "IDEMPOTENCY_KEY");
  }
  const std::string lock = std::to_string(institution_id.size()) + "/" + institution_id + "/" + key;
  TILTS_ASSIGN(const bool locked, unit.TryLock("idempotency", lock));
  if (!locked) {
    core::Error error{core::Errc::kConflict,
                      "the same request is being worked on: ask again for its answer",
                      "IDEMPOTENCY_IN_FLIGHT",
                      {},
                      1};
    return core::Fail(std::move(error));
  }
  TILTS_ASSIGN(const Rows rows,
               unit.Exec("SELECT fingerprint, response FROM idempotency WHERE institution_id = $1 AND key = $2",
                         {institution_id, key}));
  if (rows.empty()) return std::nullopt;
  if (rows.front().BytesOf(0) != Fingerprint(canonical_request)) {
    return core::Fail(core::Errc::kAlreadyExists, "this request id was used with another body: use a new one",
                      "IDEMPOTENCY_BODY");
  }
  return rows.front().BytesOf(1);
}

core::Status Idempotency::Complete(UnitOfWork& unit, const std::string& institution_id, const std::string& key,
                                   const google::protobuf::Message& request, std::string_view response,
                                   core::CityTime now) const {
  return Complete(unit, institution_id, key, Canonical(request), response, now);
}

core::Status Idempotency::Complete(UnitOfWork& unit, const std::string& institution_id, const std::string& key,
                                   std::string_view canonical_request, std::string_view response,
                                   core::CityTime now) const {
  TILTS_CHECK(
      unit.Exec("INSERT INTO idempotency (institution_id, key, fingerprint, response, completed_at) "
                "VALUES ($1, $2, $3, $4, $5)",
                {institution_id, key, Bytes{Fingerprint(canonical_request)}, Bytes{response}, now}));
  return {};
}

core::Result<std::uint64_t> Idempotency::Purge(UnitOfWork& unit, core::CityTime now, int limit) {
  TILTS_ASSIGN(const Rows rows,
               unit.Exec("DELETE FROM idempotency WHERE (institution_id, key) IN "
                         "(SELECT institution_id, key FROM idempotency WHERE completed_at < $1 LIMIT $2)",
                         {now - kKept, limit}));
  return rows.affected();
}

}  // namespace tilts::postgres
