#pragma once

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/facts/v1/events.pb.h>
#include <tilts/risk/v1/events.pb.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "events/envelope_codec.hpp"
#include "kafka/log_reader.hpp"
#include "kafka/producer.hpp"
#include "private_redis.hpp"
#include "risk_scoring/adapters/partition_processor.hpp"
#include "risk_scoring/adapters/partition_store.hpp"
#include "risk_scoring/adapters/risk_desk.hpp"
#include "risk_scoring/app/cards.hpp"
#include "rpc/call.hpp"
#include "testing/server_set.hpp"

namespace tilts::risk_scoring {

class AtNoon final : public core::CityClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2025-10-27T10:00:00Z").value(); }
};

// Publishes what belongs on the contracts' topics on this test's own ones; remembers it; can be down.
class TestTopics final : public events::Publisher {
 public:
  TestTopics(events::Publisher& inner, std::map<std::string, std::string> names)
      : inner_(inner), names_(std::move(names)) {}
  core::Status Publish(std::span<const events::OutgoingRecord> records) override;

  bool down = false;
  std::vector<events::OutgoingRecord> published;

 private:
  events::Publisher& inner_;
  const std::map<std::string, std::string> names_;
};

// The service's own parts on the real Kafka and a Redis of this test's own. A school year begins on 1 September 2025.
class RiskTest : public testing::ServerTest {
 protected:
  static constexpr Day kAutumn = 20'332;  // a Monday
  static constexpr int kPartitions = 2;
  static constexpr char kSchool[] = "school-b";

  void SetUp() override;
  void TearDown() override;

  // The n-th school day of the year, from 0.
  static Day SchoolDay(int n) { return kAutumn + 7 * (n / 5) + n % 5; }

  // Facts onto the log, acknowledged.
  void Send(const google::protobuf::Message& event, const std::string& subject);
  void Enrol(const std::string& pupil, const std::string& school = kSchool, Day from = kAutumn, Day to = 0,
             unsigned revision = 1);
  void Attend(const std::string& pupil, int day, unsigned unexcused, unsigned revision = 1, unsigned excused = 0);
  void CloseDay(int n);
  // A day of a school year that began on 1 September of `year`.
  void CloseDayOf(int year, Day day, Day year_from);
  // School days [from, to): attended with `unexcused` of six lessons missed, each closed.
  void Attended(const std::string& pupil, int from, int to, unsigned unexcused);
  // A record as it is, without an envelope of ours.
  void SendRaw(const std::string& key, const std::string& value, int partition);

  std::unique_ptr<PartitionProcessor> NewProcessor();
  // Hands everything on the log that is not stored yet to the processor; the first error ends it.
  core::Status Drain(PartitionProcessor& processor);
  std::vector<events::Record> ReadAll(const std::string& topic, int partitions);

  // What was said, oldest first, with repeats.
  std::vector<events::v1::Envelope> Said();
  template <typename Event>
  std::vector<Event> SaidOf() {
    std::vector<Event> found;
    for (const events::v1::Envelope& envelope : Said()) {
      if (envelope.type() != Event::descriptor()->full_name()) continue;
      EXPECT_TRUE(events::DecodeEventInto(envelope, found.emplace_back()));
    }
    return found;
  }
  // Of all partitions as Redis has them.
  std::string Digest();

  events::TopicPartition At(int partition) const { return {facts_topic_, partition}; }
  events::TopicPartition PartitionOf(const std::string& pupil) const;
  std::vector<events::TopicPartition> All() const { return {At(0), At(1)}; }
  std::string Key(const std::string& pupil, const std::string& what) const;

  RiskDesk Desk() { return RiskDesk({*store_, *topics_, *cards_, first_card_, facts_topic_, kPartitions}); }
  rpc::CallContext As(const std::string& institution, bool is_operator = false) const;

  const AtNoon clock_;
  std::string facts_topic_;
  std::string risk_topic_;
  std::string years_topic_;
  std::string audit_topic_;
  std::unique_ptr<PrivateRedis> server_;
  std::unique_ptr<redis::Redis> redis_;
  std::unique_ptr<PartitionStore> store_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<TestTopics> topics_;
  std::unique_ptr<kafka::LogReader> reader_;
  std::unique_ptr<CardBook> cards_;
  CardInForce first_card_;
  int sent_ = 0;
};

}  // namespace tilts::risk_scoring
