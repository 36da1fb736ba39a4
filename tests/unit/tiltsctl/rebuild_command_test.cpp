#include <gmock/gmock.h>
#include <tilts/operations/v1/rebuild_service.pb.h>

#include "fake_services.hpp"

namespace tilts::tiltsctl {
namespace {

using operations::v1::GetRebuildRequest;
using operations::v1::GetRebuildResponse;
using operations::v1::StartRebuildRequest;
using operations::v1::StartRebuildResponse;
using ::testing::HasSubstr;

class RebuildCommandTest : public FakeServicesTest {
 protected:
  // Done at the second question; then as `report` says.
  void ServeRebuild(GetRebuildResponse report) {
    Answer<StartRebuildRequest, StartRebuildResponse>("tilts.operations.v1.RebuildService/StartRebuild",
                                                      [this](const StartRebuildRequest& request) {
                                                        mode_ = request.mode();
                                                        StartRebuildResponse started;
                                                        started.set_rebuild_id("r1");
                                                        return started;
                                                      });
    Answer<GetRebuildRequest, GetRebuildResponse>("tilts.operations.v1.RebuildService/GetRebuild",
                                                  [this, report](const GetRebuildRequest& request) {
                                                    EXPECT_EQ(request.rebuild_id(), "r1");
                                                    EXPECT_GT(request.wait_seconds(), 0U) << "asks without pause";
                                                    GetRebuildResponse answer = report;
                                                    answer.set_done(++asked_ > 1);
                                                    return answer;
                                                  });
    Serve();
  }
  static GetRebuildResponse OneDifference() {
    GetRebuildResponse report;
    report.set_difference_count(1);
    auto& difference = *report.add_differences();
    difference.set_object_id("pupil/p7");
    difference.set_what("differs");
    return report;
  }

  operations::v1::RebuildMode mode_{};
  int asked_ = 0;
};

TEST_F(RebuildCommandTest, WaitsForTheEndAndIsDoneWhenEqual) {
  ServeRebuild({});
  EXPECT_EQ(Run({"rebuild", "risk", "--verify"}), 0) << err_.str();
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(mode_, operations::v1::REBUILD_MODE_VERIFY);
  EXPECT_THAT(out_.str(), HasSubstr("rebuild: equal"));
}

TEST_F(RebuildCommandTest, NamesWhatDiffersAndRefuses) {
  ServeRebuild(OneDifference());
  EXPECT_EQ(Run({"rebuild", "risk", "--verify"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("pupil/p7"));
  EXPECT_THAT(out_.str(), HasSubstr("NOT EQUAL"));
}

TEST_F(RebuildCommandTest, AnAppliedDifferenceIsDone) {
  ServeRebuild(OneDifference());
  EXPECT_EQ(Run({"rebuild", "risk", "--apply"}), 0);
  EXPECT_EQ(mode_, operations::v1::REBUILD_MODE_APPLY);
  EXPECT_THAT(out_.str(), HasSubstr("applied"));
}

TEST_F(RebuildCommandTest, AFailureIsNeverFine) {
  GetRebuildResponse report;
  report.set_failure("HISTORY_GONE");
  ServeRebuild(report);
  EXPECT_EQ(Run({"rebuild", "risk", "--apply"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("HISTORY_GONE"));
}

TEST_F(RebuildCommandTest, WantsToKnowWhatAndHow) {
  EXPECT_EQ(Run({"rebuild", "risk"}), 2);
  EXPECT_EQ(Run({"rebuild", "everything", "--verify"}), 2);
  EXPECT_EQ(Run({"rebuild", "risk", "--verify", "--apply"}), 2);
}

}  // namespace
}  // namespace tilts::tiltsctl
