#include "gateway/app/cloud_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "gateway/app/openapi.hpp"
#include "routes.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

json Event() {
  return {{"specversion", "1.0"},
          {"id", "e-1"},
          {"source", "/school-system"},
          {"type", "tilts.intake.v1.AttendanceDay"},
          {"subject", "PN-1"},
          {"datacontenttype", "application/json; charset=utf-8"},
          {"vendorextension", "kept to itself"},
          {"revision", 2},
          {"data", {{"day", "2026-02-27"}, {"lessons_offered", 7}}}};
}
HttpInput Batch(const json& events) {
  return {{}, "application/cloudevents-batch+json; charset=utf-8", events.dump(), "", ""};
}
std::vector<std::string> ComplaintsAbout(const json& event) {
  const auto batch = ReadEvents(Batch({event}));
  if (!batch) return {batch.error().reason};
  std::vector<std::string> complaints;
  for (const auto& one : batch->results[0].violations()) complaints.push_back(one.field() + " " + one.code());
  return complaints;
}

TEST(CloudEventsTest, AnEventBecomesAFact) {
  const auto batch = ReadEvents({{}, std::string(kCloudEvent), Event().dump(), "", ""});
  ASSERT_TRUE(batch) << batch.error().message;
  ASSERT_EQ(batch->facts.facts_size(), 1);
  const intake::v1::Fact& fact = batch->facts.facts(0);
  EXPECT_EQ(fact.event_id(), "e-1");
  EXPECT_EQ(fact.pupil_number(), "PN-1");
  EXPECT_EQ(fact.revision(), 2u);
  EXPECT_FALSE(fact.withdrawn());
  EXPECT_EQ(fact.attendance().day(), "2026-02-27");
  EXPECT_EQ(fact.attendance().lessons_offered(), 7u);
}

TEST(CloudEventsTest, ExtensionsMayComeAsText) {
  json event = Event();
  event["revision"] = "65535";
  event["withdrawn"] = "true";
  const auto batch = ReadEvents(Batch({event}));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->facts.facts_size(), 1);
  EXPECT_EQ(batch->facts.facts(0).revision(), 65'535u);
  EXPECT_TRUE(batch->facts.facts(0).withdrawn());
}

TEST(CloudEventsTest, EveryKindOfFactHasAType) {
  const auto* kinds = intake::v1::Fact::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    json event = Event();
    event["type"] = kinds->field(i)->message_type()->full_name();
    event["data"] = json::object();
    const auto batch = ReadEvents(Batch({event}));
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->facts.facts_size(), 1) << event["type"];
    EXPECT_EQ(batch->facts.facts(0).kind_case(), kinds->field(i)->number());
  }
}

struct Spoilt {
  const char* name;
  std::function<void(json&)> spoil;
  const char* complaint;
};
class CloudEventComplaintTest : public ::testing::TestWithParam<Spoilt> {};

TEST_P(CloudEventComplaintTest, NamesTheAttributeAndNothingElse) {
  json event = Event();
  GetParam().spoil(event);
  EXPECT_THAT(ComplaintsAbout(event), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Events, CloudEventComplaintTest,
    ::testing::Values(
        Spoilt{"OldVersion", [](json& e) { e["specversion"] = "0.3"; }, "events[0].specversion SPECVERSION"},
        Spoilt{"NoId", [](json& e) { e.erase("id"); }, "events[0].id REQUIRED"},
        Spoilt{"EmptySource", [](json& e) { e["source"] = ""; }, "events[0].source REQUIRED"},
        Spoilt{"NumberAsSubject", [](json& e) { e["subject"] = 7; }, "events[0].subject REQUIRED"},
        Spoilt{"NoType", [](json& e) { e.erase("type"); }, "events[0].type REQUIRED"},
        Spoilt{"ForeignType", [](json& e) { e["type"] = "tilts.intake.v1.Fact"; }, "events[0].type TYPE_UNKNOWN"},
        Spoilt{"NoData", [](json& e) { e.erase("data"); }, "events[0].data REQUIRED"},
        Spoilt{"DataAsText", [](json& e) { e["data"] = "{}"; }, "events[0].data REQUIRED"},
        Spoilt{"XmlData", [](json& e) { e["datacontenttype"] = "text/xml"; }, "events[0].datacontenttype CONTENT_TYPE"},
        Spoilt{"UnknownField", [](json& e) { e["data"]["lessons"] = 3; }, "events[0].data.lessons UNKNOWN_FIELD"},
        Spoilt{"OddRevision", [](json& e) { e["revision"] = "two"; }, "events[0].revision VALUE_INVALID"},
        Spoilt{"BrokenRevision", [](json& e) { e["revision"] = 1.5; }, "events[0].revision VALUE_INVALID"},
        Spoilt{"NegativeRevision", [](json& e) { e["revision"] = -1; }, "events[0].revision VALUE_INVALID"},
        Spoilt{"OddWithdrawn", [](json& e) { e["withdrawn"] = 1; }, "events[0].withdrawn VALUE_INVALID"},
        Spoilt{"NoObject", [](json& e) { e = "event"; }, "events[0] NOT_AN_EVENT"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CloudEventsTest, OneWrongEventCostsTheOthersNothing) {
  json unknown = Event();
  unknown["type"] = "org.example.Other";
  const auto batch = ReadEvents(Batch({Event(), unknown, Event()}));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->facts.facts_size(), 2);
  EXPECT_THAT(batch->places, ElementsAre(0u, 2u));
  EXPECT_EQ(batch->results[1].status(), intake::v1::FACT_STATUS_REFUSED);
}

TEST(CloudEventsTest, TheAnswerNamesEventsInTheirOrder) {
  json unknown = Event();
  unknown["type"] = "org.example.Other";
  auto batch = ReadEvents(Batch({unknown, Event(), Event()}));
  ASSERT_TRUE(batch);
  intake::v1::PushFactsResponse answer;
  answer.set_accepted(1);
  answer.set_refused(1);
  answer.add_results()->set_status(intake::v1::FACT_STATUS_ACCEPTED);
  answer.mutable_results(0)->add_warnings()->set_field("facts[0].pupil_number");
  auto& refused = *answer.add_results();
  refused.set_status(intake::v1::FACT_STATUS_REFUSED);
  for (const char* field : {"facts[1].attendance.day", "facts[1].revision", "facts[1].event_id", "facts[1]"}) {
    refused.add_violations()->set_field(field);
  }
  const auto output = AnswerEvents(*std::move(batch), answer.SerializeAsString());
  ASSERT_TRUE(output);
  const json told = json::parse(output->json);
  EXPECT_EQ(told["accepted"], 1);
  EXPECT_EQ(told["refused"], 2);
  ASSERT_EQ(told["results"].size(), 3u);
  EXPECT_EQ(told["results"][0]["violations"][0]["field"], "events[0].type");
  EXPECT_EQ(told["results"][1]["warnings"][0]["field"], "events[1].subject");
  const json& violations = told["results"][2]["violations"];
  EXPECT_EQ(violations[0]["field"], "events[2].data.day");
  EXPECT_EQ(violations[1]["field"], "events[2].revision");
  EXPECT_EQ(violations[2]["field"], "events[2].id");
  EXPECT_EQ(violations[3]["field"], "events[2]");
}

TEST(CloudEventsTest, AnAnswerAboutAnotherNumberOfFactsIsCorrupt) {
  auto batch = ReadEvents(Batch({Event()}));
  ASSERT_TRUE(batch);
  EXPECT_EQ(AnswerEvents(*std::move(batch), "").error().code, core::Errc::kCorrupt);
}

TEST(CloudEventsTest, OtherBodiesAreRefusedAsAWhole) {
  EXPECT_EQ(ReadEvents({{}, "application/json", Event().dump(), "", ""}).error().reason, "CONTENT_TYPE");
  EXPECT_EQ(ReadEvents(Batch(Event())).error().violations.at(0).code, "NOT_A_BATCH");
  EXPECT_EQ(ReadEvents(Batch(json::array())).error().violations.at(0).code, "BATCH_EMPTY");
  EXPECT_FALSE(ReadEvents({{}, std::string(kCloudEvent), "{", "", ""}));
  EXPECT_FALSE(ReadEvents({{{"day", "2026-02-27"}}, std::string(kCloudEvent), Event().dump(), "", ""}));
}

TEST(CloudEventsTest, ValuesAreNotRepeated) {
  json event = Event();
  event["id"] = "planted id";
  event["type"] = "planted type";
  event["revision"] = "planted";
  event["data"]["planted value"] = "planted";
  const auto batch = ReadEvents(Batch({event}));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->results[0].ShortDebugString().find("planted"), std::string::npos)
      << batch->results[0].ShortDebugString();
}

TEST(CloudEventsTest, TheRouteIsListedWithItsTypes) {
  const RouteMatch match = Find("POST", "/v1/events");
  EXPECT_TRUE(match.route->cloud_events);
  EXPECT_EQ(match.route->rpc_name, "tilts.intake.v1.FactService/PushFacts");
  const json document = json::parse(OpenApiDocument(Routes().routes(), "1.2.3"));
  const json& content = document["paths"]["/v1/events"]["post"]["requestBody"]["content"];
  const json& event = content[std::string(kCloudEvent)]["schema"];
  EXPECT_EQ(event["properties"]["specversion"]["enum"], json::array({"1.0"}));
  EXPECT_THAT(event["properties"]["type"]["enum"], ::testing::Contains("tilts.intake.v1.AttendanceDay"));
  EXPECT_EQ(content[std::string(kCloudEventBatch)]["schema"]["items"], event);
}

}  // namespace
}  // namespace tilts::gateway
