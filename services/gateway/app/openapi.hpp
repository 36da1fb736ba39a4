#pragma once

#include <string>
#include <vector>

namespace tilts::gateway {

struct Route;

// The OpenAPI 3.1 document of the routes, made from the contracts alone: there is nothing to keep in step.
std::string OpenApiDocument(const std::vector<Route>& routes, const std::string& version);

}  // namespace tilts::gateway
