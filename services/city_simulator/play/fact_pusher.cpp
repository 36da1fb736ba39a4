#include "city_simulator/play/fact_pusher.hpp"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/city/report_plan.hpp"

namespace tilts::city_simulator {
namespace {

constexpr const char* kPush = "tilts.intake.v1.FactService/PushFacts";
constexpr std::size_t kBatch = 500;
constexpr std::size_t kAtATime = 3;  // schools

// Whatever order the clerk's list had.
template <typename Item>
void Shuffle(std::vector<Item>& items, Dice dice) {
  for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[dice.Below(left)]);
}

std::vector<const PlannedFact*> Pointers(const std::vector<PlannedFact>& facts) {
  std::vector<const PlannedFact*> pointers;
  for (const PlannedFact& fact : facts) pointers.push_back(&fact);
  return pointers;
}

}  // namespace

std::string CloudEventsOf(const intake::v1::PushFactsRequest& request, const std::string& source) {
  nlohmann::json batch = nlohmann::json::array();
  google::protobuf::util::JsonPrintOptions print;
  print.preserve_proto_field_names = true;
  for (const intake::v1::Fact& fact : request.facts()) {
    const auto* field = fact.GetDescriptor()->FindFieldByNumber(fact.kind_case());
    nlohmann::json event = {{"specversion", "1.0"},
                            {"id", fact.event_id()},
                            {"source", source},
                            {"subject", fact.pupil_number()},
                            {"revision", fact.revision()},
                            {"withdrawn", fact.withdrawn()},
                            {"datacontenttype", "application/json"}};
    if (field != nullptr) {
      const auto& data = fact.GetReflection()->GetMessage(fact, field);
      std::string text;
      (void)google::protobuf::util::MessageToJsonString(data, &text, print);
      event["type"] = data.GetTypeName();
      event["data"] = nlohmann::json::parse(text);
    }
    batch.push_back(std::move(event));
  }
  return batch.dump();
}

std::vector<Pushed> FactPusher::Push(const std::vector<SchoolPost>& posts, const std::string& occasion) {
  std::vector<Pushed> all;
  for (std::size_t first = 0; first < posts.size(); first += kAtATime) {
    std::vector<std::future<std::vector<Pushed>>> running;
    for (std::size_t each = first; each < std::min(posts.size(), first + kAtATime); ++each) {
      running.push_back(
          std::async(std::launch::async, [this, &posts, &occasion, each] { return PushPost(posts[each], occasion); }));
    }
    for (auto& answer : running) {
      std::vector<Pushed> pushed = answer.get();
      all.insert(all.end(), std::make_move_iterator(pushed.begin()), std::make_move_iterator(pushed.end()));
    }
  }
  return all;
}

std::vector<Pushed> FactPusher::PushPost(const SchoolPost& post, const std::string& occasion) {
  std::vector<Pushed> pushed;
  const std::string school = SchoolId(post.school);
  Dice dice(seed_, "push " + occasion, post.school);
  const auto in_batches = [&](std::vector<const PlannedFact*> facts) {
    Shuffle(facts, Dice(seed_, "order " + occasion + school));
    for (std::size_t at = 0; at < facts.size(); at += kBatch) {
      const std::vector<const PlannedFact*> batch(
          facts.begin() + static_cast<std::ptrdiff_t>(at),
          facts.begin() + static_cast<std::ptrdiff_t>(std::min(facts.size(), at + kBatch)));
      const Way way = static_cast<Way>(dice.Below(3));
      PushBatch(school, batch, way, false, pushed);
      // A sender that did not hear the answer.
      if (dice.Chance(8)) PushBatch(school, batch, static_cast<Way>(dice.Below(3)), true, pushed);
    }
  };
  // Who comes and goes first: lessons of a pupil nobody knows would wait.
  in_batches(Pointers(post.enrolments));
  in_batches(Pointers(post.facts));
  return pushed;
}

void FactPusher::PushBatch(const std::string& school, const std::vector<const PlannedFact*>& batch, Way way, bool again,
                           std::vector<Pushed>& pushed) {
  intake::v1::PushFactsRequest request;
  for (const PlannedFact* planned : batch) *request.add_facts() = planned->fact;
  intake::v1::PushFactsResponse response;
  const Called called = Send(parties_.callers.at(school), way, request, response);
  static constexpr const char* kWays[] = {"JSON", "CloudEvents", "gRPC"};
  const std::string who = school + " pushing by " + kWays[static_cast<int>(way)];
  if (!called.ok())
    return ledger_.Complain(who + " was answered " + std::to_string(called.status) + " " + called.problem);
  if (response.results_size() != request.facts_size())
    return ledger_.Complain(who + " got " + std::to_string(response.results_size()) + " results for " +
                            std::to_string(request.facts_size()) + " facts");
  for (int each = 0; each < response.results_size(); ++each) {
    const PlannedFact* planned = batch[static_cast<std::size_t>(each)];
    if (response.results(each).event_id() != planned->fact.event_id())
      return ledger_.Complain(who + " got results in another order");
    if (!again) pushed.push_back({school, planned, response.results(each)});
  }
}

Called FactPusher::Send(const Caller& caller, Way way, const intake::v1::PushFactsRequest& request,
                        intake::v1::PushFactsResponse& response) {
  if (way == Way::kCloudEvents)
    return api_.Post(caller, "/v1/events", "application/cloudevents-batch+json",
                     CloudEventsOf(request, "/schools/" + caller.institution), kPush, &response);
  return api_.Call(caller, kPush, request, &response, way == Way::kRpc ? Api::Door::kRpc : Api::Door::kHttp);
}

}  // namespace tilts::city_simulator
