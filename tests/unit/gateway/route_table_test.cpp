#include "gateway/app/route_table.hpp"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "routes.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;

TEST(RouteTableTest, HasARouteForEveryHttpRuleAndKnowsItsService) {
  std::size_t rules = 0;
  for (const pb::FileDescriptor* file : wire::LinkedContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        rules += file->service(s)->method(m)->options().HasExtension(google::api::http) ? 1u : 0u;
      }
    }
  }
  EXPECT_GE(Routes().routes().size(), rules);
  EXPECT_GT(rules, 30u);
  for (const Route& route : Routes().routes()) EXPECT_FALSE(route.service.empty()) << route.rpc_name;
}

TEST(RouteTableTest, FindsTheRpcAndItsService) {
  const RouteMatch report = Find("POST", "/v1/reports");
  EXPECT_EQ(report.route->rpc_name, "tilts.intake.v1.IntakeService/ReportConcern");
  EXPECT_EQ(report.route->service, "case-intake");
  EXPECT_EQ(report.route->body, BodyUse::kWhole);
  EXPECT_EQ(Find("POST", "/v1/referrals/r1:accept").route->service, "referral-routing");
  EXPECT_EQ(Find("GET", "/v1/referrals/r1").route->rpc_name, "tilts.referrals.v1.ReferralService/GetReferral");
}

TEST(RouteTableTest, KnowsWhichCallsMayWait) {
  EXPECT_NE(Find("GET", "/v1/feed").route->wait_field, nullptr);
  EXPECT_EQ(Find("GET", "/v1/cases").route->wait_field, nullptr);
}

TEST(RouteTableTest, NamesTheMethodsAPathHas) {
  const auto answer = Routes().Find("DELETE", *ToRequestPath("/v1/institutions/i1"));
  ASSERT_TRUE(std::holds_alternative<OtherMethods>(answer));
  EXPECT_EQ(std::get<OtherMethods>(answer).allowed, "GET, PUT");
  EXPECT_TRUE(std::holds_alternative<NoRoute>(Routes().Find("GET", *ToRequestPath("/v2/cases"))));
}

TEST(RouteTableTest, HasNoRouteForRpcsOfTheHouse) {
  for (const Route& route : Routes().routes()) {
    EXPECT_EQ(route.rpc_name.find("OperationsService"), std::string::npos);
    EXPECT_EQ(route.rpc_name.find("GetGrantSnapshot"), std::string::npos);
    EXPECT_EQ(route.rpc_name.find("GetCaseForReferral"), std::string::npos);
  }
}

// A contract of one service with the given rules, built at run time.
class BrokenRuleTest : public testing::Test {
 protected:
  core::Result<RouteTable> BuildWith(const std::vector<std::pair<std::string, std::string>>& get_and_body,
                                     const std::string& package = "tilts.intake.v1") {
    pb::FileDescriptorProto file;
    file.set_name("broken.proto");
    file.set_syntax("proto3");
    file.set_package(package);
    file.add_dependency("google/api/annotations.proto");
    auto& message = *file.add_message_type();
    message.set_name("BrokenRequest");
    const auto add = [&](const char* name, int number, pb::FieldDescriptorProto::Label label) {
      auto& field = *message.add_field();
      field.set_name(name);
      field.set_number(number);
      field.set_label(label);
      field.set_type(pb::FieldDescriptorProto::TYPE_STRING);
    };
    add("id", 1, pb::FieldDescriptorProto::LABEL_OPTIONAL);
    add("ids", 2, pb::FieldDescriptorProto::LABEL_REPEATED);
    auto& service = *file.add_service();
    service.set_name("BrokenService");
    for (const auto& [get, body] : get_and_body) {
      auto& method = *service.add_method();
      method.set_name("M" + std::to_string(service.method_size()));
      method.set_input_type("BrokenRequest");
      method.set_output_type("BrokenRequest");
      auto& rule = *method.mutable_options()->MutableExtension(google::api::http);
      rule.set_get(get);
      rule.set_body(body);
    }
    const pb::FileDescriptor* built = pool_.BuildFile(file);
    EXPECT_NE(built, nullptr);
    return RouteTable::Build({built});
  }

 private:
  pb::DescriptorPool pool_{pb::DescriptorPool::generated_pool()};
};

TEST_F(BrokenRuleTest, AcceptsASoundRule) {
  EXPECT_TRUE(BuildWith({{"/v1/x/{id}", ""}, {"/v1/x/{id}:y", ""}}));
}
TEST_F(BrokenRuleTest, RefusesAVariableThatIsNoField) {
  EXPECT_FALSE(BuildWith({{"/v1/x/{other}", ""}}));
}
TEST_F(BrokenRuleTest, RefusesAVariableThatIsAList) {
  EXPECT_FALSE(BuildWith({{"/v1/x/{ids}", ""}}));
}
TEST_F(BrokenRuleTest, RefusesABodyThatIsNoMessage) {
  EXPECT_FALSE(BuildWith({{"/v1/x", "id"}}));
}
TEST_F(BrokenRuleTest, RefusesTwoRoutesOfOneShape) {
  EXPECT_FALSE(BuildWith({{"/v1/x/{id}", ""}, {"/v1/x/{id}", ""}}));
}
TEST_F(BrokenRuleTest, RefusesAContractNobodyServes) {
  EXPECT_FALSE(BuildWith({{"/v1/x", ""}}, "tilts.nobody.v1"));
}

}  // namespace
}  // namespace tilts::gateway
