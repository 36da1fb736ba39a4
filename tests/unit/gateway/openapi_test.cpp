#include "gateway/app/openapi.hpp"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>

#include "routes.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::json;

class OpenApiTest : public testing::Test {
 protected:
  // Every $ref of the document, wherever it stands.
  static void CollectReferences(const json& node, std::set<std::string>& references) {
    if (node.is_object() && node.contains("$ref")) references.insert(node["$ref"].get<std::string>());
    for (const auto& child : node) {
      if (child.is_structured()) CollectReferences(child, references);
    }
  }

  const json& Resolve(const json& node) {
    return node.contains("$ref") ? document_.at(json::json_pointer(node["$ref"].get<std::string>().substr(1))) : node;
  }

  json document_ = json::parse(OpenApiDocument(Routes().routes(), "1.2.3"));
};

TEST_F(OpenApiTest, HasWhatTheSpecificationRequires) {
  EXPECT_EQ(document_["openapi"], "3.1.0");
  EXPECT_EQ(document_["info"]["version"], "1.2.3");
  EXPECT_TRUE(document_["info"].contains("title"));
  std::set<std::string> ids;
  for (const auto& [path, methods] : document_["paths"].items()) {
    EXPECT_EQ(path.front(), '/');
    for (const auto& [verb, operation] : methods.items()) {
      EXPECT_TRUE((std::set<std::string>{"get", "put", "post", "delete", "patch"}).contains(verb));
      EXPECT_TRUE(ids.insert(operation["operationId"].get<std::string>()).second) << operation["operationId"];
      EXPECT_TRUE(operation["responses"].contains("200"));
      EXPECT_TRUE(operation["responses"].contains("default"));
      for (const auto& [status, response] : operation["responses"].items()) {
        EXPECT_TRUE(Resolve(response).contains("description")) << path;
      }
    }
  }
  EXPECT_EQ(ids.size(), Routes().routes().size());
}

TEST_F(OpenApiTest, ResolvesEveryReference) {
  std::set<std::string> references;
  CollectReferences(document_, references);
  EXPECT_GT(references.size(), 40u);
  for (const std::string& reference : references) {
    ASSERT_EQ(reference.rfind("#/", 0), 0u);
    EXPECT_TRUE(document_.contains(json::json_pointer(reference.substr(1)))) << reference;
  }
}

TEST_F(OpenApiTest, DeclaresEveryPathVariableExactlyOnce) {
  for (const auto& [path, methods] : document_["paths"].items()) {
    std::multiset<std::string> in_path;
    for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
      in_path.insert(path.substr(open + 1, path.find('}', open) - open - 1));
    }
    for (const auto& [verb, operation] : methods.items()) {
      std::multiset<std::string> declared;
      for (const auto& entry : operation["parameters"]) {
        const json& parameter = Resolve(entry);
        EXPECT_TRUE(parameter.contains("schema")) << path;
        if (parameter["in"] == "path") {
          declared.insert(parameter["name"].get<std::string>());
          EXPECT_EQ(parameter["required"], true);
        }
      }
      EXPECT_EQ(declared, in_path) << verb << ' ' << path;
    }
  }
}

TEST_F(OpenApiTest, DescribesFieldsWithTypeAndDataClass) {
  const json& person = document_["components"]["schemas"]["intake.v1.ReportedPerson"];
  EXPECT_EQ(person["additionalProperties"], false);
  EXPECT_EQ(person["properties"]["given_name"], (json{{"type", "string"}, {"x-tilts-data-class", "PERSON"}}));
  EXPECT_EQ(person["properties"]["identifiers"]["items"]["$ref"], "#/components/schemas/intake.v1.PersonIdentifier");
  const json& report = document_["components"]["schemas"]["intake.v1.ReportConcernRequest"]["properties"];
  EXPECT_EQ(report["occurred_at"]["format"], "date-time");
  EXPECT_EQ(report["stream"]["$ref"], "#/components/schemas/codes.v1.Stream");
  EXPECT_EQ(document_["components"]["schemas"]["codes.v1.Stream"]["enum"][1], "STREAM_PMP");
}

TEST_F(OpenApiTest, NamesTheOperationAGrantMustHold) {
  EXPECT_EQ(document_["paths"]["/v1/reports"]["post"]["x-tilts-operation"], "report.write");
}

TEST_F(OpenApiTest, PutsNoPersonalFieldIntoAQuery) {
  for (const auto& [path, methods] : document_["paths"].items()) {
    for (const auto& [verb, operation] : methods.items()) {
      for (const auto& entry : operation["parameters"]) {
        const json& parameter = Resolve(entry);
        if (parameter["in"] != "query") continue;
        EXPECT_FALSE((std::set<std::string>{"given_name", "family_name", "description", "note", "result"})
                         .contains(parameter["name"].get<std::string>()))
            << path;
      }
    }
  }
}

}  // namespace
}  // namespace tilts::gateway
