#pragma once

#include <tilts/facts/v1/events.pb.h>
#include <tilts/intake/v1/fact_service.pb.h>

#include <atomic>
#include <functional>

#include "case_intake/adapters/fact_desk.hpp"
#include "case_intake/adapters/held_fact_desk.hpp"
#include "case_intake/adapters/held_fact_worker.hpp"
#include "case_intake/adapters/roster_desk.hpp"
#include "kafka/producer.hpp"
#include "register_test.hpp"

namespace tilts::case_intake::testing {

// The pupil numbers of the fake vault, by the contract of PupilService.
class FakePupils final : public PupilRegistry {
 public:
  explicit FakePupils(const FakeVault& vault) : vault_(vault) {}
  core::Result<registry::v1::LookUpPupilNumbersResponse> LookUp(const registry::v1::LookUpPupilNumbersRequest& request,
                                                                const VaultCall& call) override;

  std::atomic<bool> down{false};
  std::atomic<int> calls{0};

 private:
  const FakeVault& vault_;
};

// A real broker, each topic under the test's own name; or one that does not answer.
class OwnTopics final : public events::Publisher {
 public:
  core::Status Publish(std::span<const events::OutgoingRecord> records) override;

  std::map<std::string, std::string> names;
  std::unique_ptr<kafka::Producer> up;
  std::unique_ptr<kafka::Producer> unreachable;
  bool broker_down = false;
};

inline constexpr char kNumber[] = "PN-4711";
inline constexpr char kCode[] = "010203-12345";

// The fact door on a real PostgreSQL and a real Kafka, with the vault in this process.
class FactTest : public RegisterTest {
 protected:
  void SetUp() override;

  static intake::v1::Fact EnrolmentFrom(const std::string& from, const std::string& number = kNumber,
                                        const std::string& person_code = kCode, std::uint32_t revision = 1);
  static intake::v1::Fact AttendanceOn(const std::string& day, const std::string& number = kNumber,
                                       std::uint32_t revision = 1, std::uint32_t unexcused = 0);
  static intake::v1::Fact ConsultationOn(const std::string& day, const std::string& consultation,
                                         const std::string& number = kNumber);

  core::Result<intake::v1::PushFactsResponse> Push(const std::vector<intake::v1::Fact>& facts,
                                                   const std::string& institution = kSchool);
  // Expects that every fact was accepted.
  intake::v1::PushFactsResponse Accept(const std::vector<intake::v1::Fact>& facts);
  // Everything the broker has of a topic, decoded.
  std::vector<events::v1::Envelope> OnTopic(const std::string& topic);
  template <typename Event>
  std::vector<Event> EventsOn(const std::string& topic) {
    std::vector<Event> found;
    for (const events::v1::Envelope& envelope : OnTopic(topic)) {
      Event event;
      if (envelope.type() != Event::descriptor()->full_name()) continue;
      if (event.ParseFromString(envelope.data())) found.push_back(std::move(event));
    }
    return found;
  }
  // What the outbox relay would do: moves the outbox to the broker.
  void RelayOutbox();
  std::vector<std::string> WarningsOf(const intake::v1::FactResult& result) const;

  std::vector<std::string> log_lines_;
  core::CityTime log_time_{};
  std::unique_ptr<log::Logger> log_;
  OwnTopics broker_;
  std::unique_ptr<FakePupils> numbers_;
  std::unique_ptr<PupilDirectory> pupils_;
  std::unique_ptr<SchoolDays> school_days_;
  std::unique_ptr<FactOffice> facts_;
  std::unique_ptr<HeldFactWorker> held_worker_;
  std::unique_ptr<FactDesk> desk_;
  std::unique_ptr<RosterDesk> rosters_;
  std::unique_ptr<HeldFactDesk> held_;
};

inline constexpr char kLearning[] = "tilts.learning.v1";
inline constexpr char kSupport[] = "tilts.support.v1";
inline constexpr char kAudit[] = "tilts.audit.v1";

}  // namespace tilts::case_intake::testing
