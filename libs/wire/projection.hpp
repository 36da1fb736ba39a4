#pragma once

#include <bitset>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::wire {

// The data classes one kind of reader may see. Only a ViewPolicy makes one that shows anything.
class View {
 public:
  View() = default;  // shows nothing

  const std::string& name() const { return name_; }
  bool Shows(int data_class) const;

 private:
  friend class ViewPolicy;
  std::string name_;
  std::bitset<64> classes_;  // bit = number of tilts.options.v1.DataClass
};

// The one access policy: views (FULL_OWNER, REFERRAL_PREVIEW, REFERRAL_ACCEPTED, REFERRAL_STUB,
// REPORTER_RECEIPT, WEBHOOK, AUDIT, LOG, …) and the classes each names. libs/wire/data/views.json
// is compiled in; a file given by configuration replaces it.
class ViewPolicy {
 public:
  // Unknown class, unknown key, no version, a view twice or a view without reason: kInvalid.
  static core::Result<ViewPolicy> FromJsonText(std::string_view json);
  static core::Result<ViewPolicy> FromFile(const std::string& path);
  static const ViewPolicy& BuiltIn();

  // An unknown view is kInternal, not an empty view: it is a mistake of ours.
  core::Result<View> Find(std::string_view name) const;
  const std::string& version() const { return version_; }

 private:
  std::string version_;
  std::map<std::string, View, std::less<>> views_;
};

// Clears, at every depth, each field whose data class the view does not name, and all unknown
// fields. A scalar without a class is cleared (default deny). A message of tilts.* that ends up
// empty is kept as an empty message unless its field carries a class of its own.
void Project(google::protobuf::Message& message, const View& view);

// Same, as one line of JSON: what logs and webhooks may show.
core::Result<std::string> ProjectedJson(const google::protobuf::Message& message, const View& view);

}  // namespace tilts::wire
