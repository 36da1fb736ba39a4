#include "gateway/app/url_field.hpp"

#include <tilts/options/v1/options.pb.h>

#include "wire/data_class.hpp"

namespace tilts::gateway {

bool MayStandInUrl(const google::protobuf::FieldDescriptor& field) {
  const int data_class = wire::DataClassOf(field);
  return data_class == options::v1::DATA_CLASS_PUBLIC || data_class == options::v1::DATA_CLASS_ROUTING ||
         data_class == options::v1::DATA_CLASS_OPERATIONS;
}

}  // namespace tilts::gateway
