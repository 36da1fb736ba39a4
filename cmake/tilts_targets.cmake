# The three calls of the house: tilts_library(), tilts_service(), tilts_test(). A folder joins the
# build by having a CMakeLists.txt that makes one of them.

add_library(tilts_warnings INTERFACE)
target_compile_options(tilts_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wno-missing-field-initializers  # designated initialisers leave defaults on purpose
  -Werror=switch -Werror)

set(TILTS_SANITIZE "" CACHE STRING "value for -fsanitize=, empty for none")
if(TILTS_SANITIZE)
  add_compile_options(-fsanitize=${TILTS_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TILTS_SANITIZE})
endif()
find_program(TILTS_MOLD mold)
if(TILTS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

function(tilts_add_all_below folder)
  file(GLOB children CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*/CMakeLists.txt)
  foreach(child IN LISTS children)
    get_filename_component(directory ${child} DIRECTORY)
    add_subdirectory(${directory})
  endforeach()
endfunction()

# tilts_library(<name> [LINKS targets...] [PRIVATE_LINKS targets...])
# Sources: every .cpp of the folder. Headers are included as <name>/<file>.hpp from libs/.
function(tilts_library name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(tilts_${name} STATIC ${sources})
    target_include_directories(tilts_${name} PUBLIC ${PROJECT_SOURCE_DIR}/libs)
    target_link_libraries(tilts_${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS} tilts_warnings)
  else()
    add_library(tilts_${name} INTERFACE)
    target_include_directories(tilts_${name} INTERFACE ${PROJECT_SOURCE_DIR}/libs)
    target_link_libraries(tilts_${name} INTERFACE ${ARG_LINKS})
  endif()
  add_library(tilts::${name} ALIAS tilts_${name})
endfunction()

# tilts_service(<name> [LINKS targets...] [DOMAIN_LINKS targets...])
# domain/ becomes a library that can see libs/core and libs/calendar only; app/ and adapters/ are
# compiled once into tilts::<name>; main.cpp becomes the executable tilts-<name-with-dashes>.
function(tilts_service name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  string(REPLACE "_" "-" dashed ${name})
  set(parts "")
  file(GLOB domain_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/domain/*.cpp)
  if(domain_sources)
    add_library(tilts_${name}_domain STATIC ${domain_sources})
    target_include_directories(tilts_${name}_domain PUBLIC ${PROJECT_SOURCE_DIR}/services)
    target_link_libraries(tilts_${name}_domain PUBLIC tilts::core tilts::calendar PRIVATE tilts_warnings)
    add_library(tilts::${name}_domain ALIAS tilts_${name}_domain)
    list(APPEND parts tilts::${name}_domain)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/app/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/adapters/*.cpp)
  if(sources)
    add_library(tilts_${name}_lib STATIC ${sources})
    target_include_directories(tilts_${name}_lib PUBLIC ${PROJECT_SOURCE_DIR}/services)
    target_link_libraries(tilts_${name}_lib PUBLIC ${parts} ${ARG_LINKS} PRIVATE tilts_warnings)
    add_library(tilts::${name} ALIAS tilts_${name}_lib)
    list(APPEND parts tilts::${name})
  endif()
  add_executable(tilts-${dashed} ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
  target_link_libraries(tilts-${dashed} PRIVATE ${parts} ${ARG_LINKS} tilts_warnings)
  set_target_properties(tilts-${dashed} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# tilts_test(<name> LABEL unit|conformance|property|e2e… SOURCES files... LINKS targets...
#            [TIMEOUT seconds] [SERIAL])
function(tilts_test name)
  cmake_parse_arguments(ARG "SERIAL" "LABEL;TIMEOUT" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} GTest::gmock GTest::gtest_main tilts_warnings)
  target_compile_definitions(${name} PRIVATE TILTS_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             TILTS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT} RUN_SERIAL "${ARG_SERIAL}")
endfunction()
