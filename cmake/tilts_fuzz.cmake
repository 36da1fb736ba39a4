# Two calls for tests/fuzz. `tilts_fuzz` builds all targets.
add_custom_target(tilts_fuzz)

# tilts_fuzz_sources(<name> SOURCES files... LINKS targets...)
# Files of a library or service that is too heavy to build whole, as tilts_fuzz_<name>.
function(tilts_fuzz_sources name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(tilts_fuzz_${name} STATIC ${ARG_SOURCES})
  target_include_directories(tilts_fuzz_${name} PUBLIC ${PROJECT_SOURCE_DIR}/libs ${PROJECT_SOURCE_DIR}/services)
  target_link_libraries(tilts_fuzz_${name} PUBLIC ${ARG_LINKS} tilts::proto PRIVATE tilts_warnings)
endfunction()

# tilts_fuzz_target(<name> LINKS targets...)
# <name>_fuzz.cpp becomes build/fuzz/fuzz/<name>; scripts/fuzz finds it there, and beside the source its seeds in
# corpus/<name>/ and its words in dictionaries/<name>.dict.
function(tilts_fuzz_target name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  add_executable(fuzz_${name} ${name}_fuzz.cpp)
  target_link_libraries(fuzz_${name} PRIVATE tilts_fuzz_require ${ARG_LINKS} tilts_warnings)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_compile_definitions(fuzz_${name} PRIVATE TILTS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(fuzz_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  add_dependencies(tilts_fuzz fuzz_${name})
endfunction()
