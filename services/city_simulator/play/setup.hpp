#pragma once

#include <map>
#include <string>
#include <vector>

#include "city_simulator/api/api.hpp"
#include "city_simulator/law/directory.hpp"
#include "city_simulator/receivers/webhook_server.hpp"

namespace tilts::city_simulator {

// Who the city's institutions are to Tilts: a key each, one vendor's key for all schools, and the doors they
// registered.
struct Parties {
  std::map<std::string, Caller> callers;                           // by institution
  std::map<std::string, std::map<unsigned, std::string>> secrets;  // institution -> order of the endpoint -> "whsec_…"
};

struct SetupOptions {
  std::string run_name;
  Instant valid_until;
  std::vector<std::string> schools;
};

// Makes clients, keys, grants, allowed hosts and endpoints through the API with the operator's key. Every institution
// in force takes part; those on duty round the clock register a second door. Empty: done, otherwise what failed.
std::string SetUp(Api& api, const Caller& operator_caller, const SetupOptions& options, const WebhookServer& receivers,
                  Instant now, Directory& directory, Parties& parties);

}  // namespace tilts::city_simulator
