#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/city_time.hpp"
#include "postgres/unit_of_work.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::postgres {

// Same request key again: same answer, no second effect. In the command's transaction:
//
//   TILTS_ASSIGN(auto seen, idempotency.Begin(unit, institution, request_id, request));
//   if (seen) return Parse(*seen);
//   … do the work …
//   TILTS_CHECK(idempotency.Complete(unit, institution, request_id, request, response_bytes, now));
//
// The stored response must hold ids and codes only (it outlives an erasure by up to 30 days).
class Idempotency {
 public:
  static constexpr std::chrono::days kKept{30};

  // `secret` keys the fingerprint, so that the table does not tell what was reported.
  explicit Idempotency(std::string secret) : secret_(std::move(secret)) {}

  // Nothing: not seen, go on. Bytes: the stored response of the same request.
  //   kAlreadyExists, reason IDEMPOTENCY_BODY        same key, another body
  //   kConflict, reason IDEMPOTENCY_IN_FLIGHT        the same key is being worked on right now
  //   kInvalid, reason IDEMPOTENCY_KEY               key empty or longer than 200 characters
  core::Result<std::optional<std::string>> Begin(UnitOfWork& unit, const std::string& institution_id,
                                                 const std::string& key,
                                                 const google::protobuf::Message& request) const;
  core::Result<std::optional<std::string>> Begin(UnitOfWork& unit, const std::string& institution_id,
                                                 const std::string& key, std::string_view canonical_request) const;

  core::Status Complete(UnitOfWork& unit, const std::string& institution_id, const std::string& key,
                        const google::protobuf::Message& request, std::string_view response, core::CityTime now) const;
  core::Status Complete(UnitOfWork& unit, const std::string& institution_id, const std::string& key,
                        std::string_view canonical_request, std::string_view response, core::CityTime now) const;

  // Deletes at most `limit` rows older than kKept by city time; returns how many.
  static core::Result<std::uint64_t> Purge(UnitOfWork& unit, core::CityTime now, int limit = 1'000);

 private:
  std::string Fingerprint(std::string_view canonical_request) const;

  std::string secret_;
};

}  // namespace tilts::postgres
