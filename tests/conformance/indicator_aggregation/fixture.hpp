#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/facts/v1/events.pb.h>
#include <tilts/referrals/v1/events.pb.h>
#include <tilts/risk/v1/events.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "events/draft.hpp"
#include "indicator_aggregation/adapters/authorities.hpp"
#include "indicator_aggregation/adapters/indicator_methods.hpp"
#include "indicator_aggregation/adapters/row_writer.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "testing/server_set.hpp"

namespace tilts::indicator_aggregation {

class FixedClock final : public core::CityClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:30:00Z").value(); }
};

inline constexpr char kLearning[] = "tilts.learning.v1";
inline constexpr char kCity[] = "LV-RIX";
inline constexpr int kMonday = 20'514;  // 2026-03-02

// The service's own parts over the real PostgreSQL, with the definitions of its data folder, fed with records as Kafka
// would hand them over. Several "cities" are several schemas.
class IndicatorTest : public testing::ServerTest {
 protected:
  struct City {
    std::unique_ptr<postgres::Database> database;
    std::unique_ptr<postgres::SqlBatchProcessor> processor;
    std::map<events::TopicPartition, std::int64_t> offsets;
  };

  void SetUp() override;
  std::unique_ptr<City> NewCity(const std::string& stem);

  // Processes the drafts as records of partition 0 of their topics, `batch` at a time.
  core::Status Feed(City& city, const std::vector<events::Draft>& drafts, std::size_t batch = 100);

  static facts::v1::Stamp StampOf(const std::string& record, std::uint32_t revision = 1, bool withdrawn = false,
                                  const std::string& institution = "school-1");
  static events::Draft DraftOf(const google::protobuf::Message& event, const std::string& subject,
                               std::uint64_t sequence = 0, const std::string& at = "2026-03-02T08:30:00Z");

  static events::Draft Attendance(const std::string& record, const std::string& pupil, std::uint32_t revision = 1,
                                  bool withdrawn = false, int day = kMonday);
  static events::Draft Consultation(const std::string& record, const std::string& learner,
                                    std::vector<codes::v1::ConsultationReason> reasons, std::uint32_t revision = 1,
                                    bool withdrawn = false, const std::string& institution = "school-1");
  static events::Draft Enrolment(const std::string& record, const std::string& pupil, std::uint32_t revision = 1,
                                 int from_day = kMonday - 100, int to_day = 0,
                                 codes::v1::EnrolmentEndReason reason = codes::v1::ENROLMENT_END_REASON_UNSPECIFIED,
                                 const std::string& institution = "school-1");
  static events::Draft Sent(const std::string& referral, const std::string& case_id, codes::v1::InstitutionKind kind,
                            codes::v1::ReferralKind ask = codes::v1::REFERRAL_KIND_ACT);
  static events::Draft Closed(int day);

  // 16 bytes that begin with the name.
  static std::string RecordId(const std::string& name);

  static std::string Sql(City& city, const std::string& query);
  // "numerator/denominator", or "" where there is no such value.
  static std::string ValueOf(City& city, const std::string& indicator, const std::string& category = "",
                             const std::string& institution = "", const std::string& year = "2025/26");
  static std::string Digest(City& city);
  // What the values would be if the stored rows were counted again from nothing.
  std::map<Cell, Numbers> Recounted(City& city) const;
  static std::map<Cell, Numbers> Stored(City& city);

  IndicatorMethods MethodsOf(City& city);
  static rpc::CallContext CallBy(const std::string& institution,
                                 auth::Principal::Kind kind = auth::Principal::Kind::kInstitution);

  const FixedClock clock_;
  std::unique_ptr<DefinitionBook> book_;
  std::unique_ptr<RowWriter> writer_;
  postgres::SqlBatchProcessor::Handlers handlers_;
  std::unique_ptr<Authorities> authorities_;
};

}  // namespace tilts::indicator_aggregation
