#pragma once

#include <gtest/gtest.h>

#include <string>

#include "gateway/adapters/http_convert.hpp"
#include "gateway/app/route_table.hpp"
#include "wire/contract_lint.hpp"

namespace tilts::gateway {

// The routes of the real contracts.
inline const RouteTable& Routes() {
  static const RouteTable table = *RouteTable::Build(wire::LinkedContracts());
  return table;
}

inline RouteMatch Find(const std::string& method, const std::string& path) {
  RouteAnswer answer = Routes().Find(method, *ToRequestPath(path));
  auto* match = std::get_if<RouteMatch>(&answer);
  EXPECT_NE(match, nullptr) << method << ' ' << path;
  return match == nullptr ? RouteMatch{} : *match;
}

}  // namespace tilts::gateway
