#include "house.hpp"

namespace tilts::gateway {
namespace {

// A path of the route with an id in place of each variable.
std::string PathOf(const Route& route, const std::string& id) {
  std::string path = route.pattern.text();
  for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{')) {
    path.replace(open, path.find('}') - open + 1, id);
  }
  return path;
}

TEST_F(HouseTest, AsksForACredentialOnEveryRoute) {
  const RouteTable routes = *RouteTable::Build(wire::LinkedContracts());
  for (const Route& route : routes.routes()) {
    const Answer answer = Send(route.http_method, PathOf(route, "x1"));
    EXPECT_EQ(answer.status, 401) << route.rpc_name;
    EXPECT_EQ(answer.Reason(), "CREDENTIALS_MISSING") << route.rpc_name;
    EXPECT_EQ(answer.Header("WWW-Authenticate"), "Bearer");
  }
}

TEST_F(HouseTest, DeniesEveryRouteForAnInstitutionThatGrantedNothing) {
  const RouteTable routes = *RouteTable::Build(wire::LinkedContracts());
  for (const Route& route : routes.routes()) {
    const Answer answer =
        Send(route.http_method, PathOf(route, "x1"), "",
             {{"Authorization", "Bearer " + auth::FormatApiKey(key_)}, {"Tilts-Institution", "police"}});
    EXPECT_EQ(answer.status, 403) << route.rpc_name;
    EXPECT_EQ(answer.Reason(), "GRANT_MISSING") << route.rpc_name;
  }
}

TEST_F(HouseTest, DeniesOperatorRoutesToASchoolWithEveryGrant) {
  EXPECT_EQ(AsSchool("POST", "/v1/clients", "{}").Reason(), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(AsSchool("GET", "/v1/audit/chains").Reason(), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(AsSchool("POST", "/v1/persons/p1:erase", "{}").Reason(), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(AsSchool("GET", "/v1/status").Reason(), "OPERATION_NOT_GRANTED");
}

TEST_F(HouseTest, IgnoresAPrincipalFromOutside) {
  auto headers = SchoolHeaders();
  headers.Add("tilts-principal", "v1.forged.forged");
  EXPECT_EQ(Send("GET", "/v1/cases/c1", "", headers).status, 200);
  EXPECT_EQ(Send("GET", "/v1/cases/c1", "", {{"tilts-principal", "v1.forged.forged"}}).status, 401);
}

TEST_F(HouseTest, TellsAWrongSecretFromNothing) {
  const std::string wrong = auth::FormatApiKey({key_.key_id, auth::NewApiKey().secret});
  const std::string unknown = auth::FormatApiKey(auth::NewApiKey());
  const Answer first = Send("GET", "/v1/cases/c1", "", {{"Authorization", "Bearer " + wrong}});
  const Answer second = Send("GET", "/v1/cases/c1", "", {{"Authorization", "Bearer " + unknown}});
  EXPECT_EQ(first.status, 401);
  auto without_call = [](nlohmann::json body) {
    body.erase("instance");
    return body;
  };
  EXPECT_EQ(without_call(first.Json()), without_call(second.Json()));
}

TEST_F(HouseTest, RefusesTwoActingInstitutions) {
  EXPECT_EQ(AsSchool("GET", "/v1/cases/c1", "", {{"Tilts-Institution", "police"}}).Reason(), "METADATA_INVALID");
}

}  // namespace
}  // namespace tilts::gateway
