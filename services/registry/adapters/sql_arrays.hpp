#pragma once

#include <string>
#include <vector>

#include "crypto/encoding.hpp"
#include "postgres/value.hpp"
#include "registry/domain/person.hpp"

namespace tilts::registry {

// An element of an array that is cast to bytea[].
inline std::string ArrayBytes(std::string_view bytes) {
  return "\\x" + crypto::ToHex(bytes);
}

// Identifiers side by side: unnest($1::int[], $2::int[], $3::text[], $4::bytea[]) gives (n, system, institution_id,
// blind_index), where n says which of the caller's identifiers it is.
class IdentifierArrays {
 public:
  void Add(std::size_t n, const Identifier& identifier, const std::string& blind_index) {
    numbers_.push_back(static_cast<std::int64_t>(n));
    systems_.push_back(static_cast<std::int64_t>(identifier.system));
    institutions_.push_back(identifier.institution_id);
    indexes_.push_back(ArrayBytes(blind_index));
  }

  postgres::Params AsParams() const { return {numbers_, systems_, institutions_, indexes_}; }

 private:
  std::vector<std::int64_t> numbers_;
  std::vector<std::int64_t> systems_;
  std::vector<std::string> institutions_;
  std::vector<std::string> indexes_;
};

}  // namespace tilts::registry
