#pragma once

#include <google/protobuf/repeated_field.h>

#include <set>

namespace tilts::wire {

// Between a contract's enum and a domain's scoped one: they share their numbers.
template <typename To, typename From>
To Code(From code) {
  return static_cast<To>(static_cast<int>(code));
}

template <typename To>
std::set<To> CodesOf(const google::protobuf::RepeatedField<int>& numbers) {
  std::set<To> codes;
  for (const int number : numbers) codes.insert(static_cast<To>(number));
  return codes;
}

}  // namespace tilts::wire
