#include "postgres/sql_error.hpp"

#include <gtest/gtest.h>

namespace tilts::postgres {
namespace {

TEST(SqlErrorTest, NamesTheConstraintAndNeverTheValue) {
  const core::Error error = FromSqlState("23505",
                                         "ERROR:  duplicate key value violates unique constraint \"report_key\"\n"
                                         "DETAIL:  Key (name)=(secret) already exists.\n");
  EXPECT_EQ(error.code, core::Errc::kAlreadyExists);
  EXPECT_EQ(error.reason, "report_key");
  EXPECT_EQ(error.message.find("secret"), std::string::npos);
}

TEST(SqlErrorTest, AConstraintNameInTheDetailIsNotBelieved) {
  const core::Error error = FromSqlState("23505", "ERROR:  something\nDETAIL: constraint \"secret\"");
  EXPECT_EQ(error.reason, "");
}

TEST(SqlErrorTest, EveryClassHasItsCode) {
  const std::vector<std::pair<const char*, core::Errc>> expected = {
      {"23503", core::Errc::kRefused},     {"23514", core::Errc::kInvalid},    {"23502", core::Errc::kInvalid},
      {"22001", core::Errc::kInvalid},     {"40001", core::Errc::kConflict},   {"40P01", core::Errc::kConflict},
      {"55P03", core::Errc::kConflict},    {"57014", core::Errc::kTimeout},    {"57P01", core::Errc::kUnavailable},
      {"08006", core::Errc::kUnavailable}, {"53300", core::Errc::kOverloaded}, {"25P03", core::Errc::kUnavailable},
      {"42P01", core::Errc::kInternal}};
  for (const auto& [state, code] : expected) EXPECT_EQ(FromSqlState(state, "").code, code) << state;
}

TEST(SqlErrorTest, OnlyLostRacesAreRunAgain) {
  EXPECT_TRUE(IsRetryable(FromSqlState("40001", "")));
  EXPECT_TRUE(IsRetryable(FromSqlState("40P01", "")));
  EXPECT_FALSE(IsRetryable(FromSqlState("55P03", "")));
  EXPECT_FALSE(IsRetryable(core::Error{core::Errc::kConflict, "", "IDEMPOTENCY_IN_FLIGHT", {}, 0}));
}

}  // namespace
}  // namespace tilts::postgres
