#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tilts::wire {

// "people[1].identifiers[0].value", grown and cut back while a message is walked.
class FieldPath {
 public:
  class Scope {
   public:
    Scope(FieldPath& path, std::size_t length) : path_(path), length_(length) {}
    ~Scope() { path_.text_.resize(length_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    FieldPath& path_;
    std::size_t length_;
  };

  Scope Field(std::string_view name) {
    const std::size_t length = text_.size();
    if (length > 0) text_ += '.';
    text_ += name;
    return Scope(*this, length);
  }

  Scope Index(std::size_t index) {
    const std::size_t length = text_.size();
    text_ += '[' + std::to_string(index) + ']';
    return Scope(*this, length);
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// A key the sender chose, fit to be repeated: letters, digits and underscores, cut at 64. Anything
// else could be a value in the wrong place and becomes "?".
std::string PrintableKey(std::string_view key);

}  // namespace tilts::wire
