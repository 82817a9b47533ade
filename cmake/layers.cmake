# What nearly every file includes is parsed once a target.
function(argscope_precompile target)
  if(ARGSCOPE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <span>
      <string> <string_view> <variant> <vector> <fmt/format.h> <Eigen/Core> <Eigen/SparseCore> ${ARGN})
  endif()
endfunction()

# A folder is a layer is a target: argscope_room(core/expr …) makes argscope_expr of every .cpp in core/expr.
function(argscope_room folder)
  get_filename_component(room ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  if(sources)
    add_library(argscope_${room} STATIC ${sources})
    target_include_directories(argscope_${room} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(argscope_${room} PUBLIC ${ARGN} fmt::fmt Threads::Threads)
    argscope_precompile(argscope_${room})
  else()
    add_library(argscope_${room} INTERFACE)
    target_include_directories(argscope_${room} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(argscope_${room} INTERFACE ${ARGN} fmt::fmt Threads::Threads)
  endif()
endfunction()

# The inner loops, compiled once for each instruction set and chosen when the program starts.
function(argscope_kernels folder)
  add_library(argscope_kernels STATIC)
  target_link_libraries(argscope_kernels PUBLIC mvec m)
  target_include_directories(argscope_kernels PUBLIC ${CMAKE_SOURCE_DIR})
  file(GLOB shared CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  target_sources(argscope_kernels PRIVATE ${shared})
  argscope_instruction_sets(${folder}/)
endfunction()

# PREFIXbaseline.cpp, PREFIXavx2.cpp and PREFIXavx512.cpp hold the same loops for three instruction sets.
function(argscope_instruction_sets prefix)
  set(flags_baseline "")
  set(flags_avx2 -mavx2 -mfma)
  set(flags_avx512 -mavx512f -mavx512dq -mavx512vl -mavx2 -mfma -mprefer-vector-width=512)
  foreach(set baseline avx2 avx512)
    set_source_files_properties(${CMAKE_SOURCE_DIR}/${prefix}${set}.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS
      "-O3;-fopenmp-simd;-fno-math-errno;-fno-trapping-math;-ffp-contract=fast;${flags_${set}}")
  endforeach()
endfunction()

# argscope_test(core/expr argscope_expr) makes test_expr of every .cpp in tests/core/expr.
function(argscope_test folder)
  get_filename_component(room ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(sources)
    add_executable(test_${room} ${sources})
    target_include_directories(test_${room} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(test_${room} PRIVATE ${ARGN} GTest::gtest_main GTest::gmock)
    target_compile_definitions(test_${room} PRIVATE ARGSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(test_${room} PRIVATE $<$<CONFIG:Release>:-O1>)  # a quarter less to compile; what is tested is -O3
    if(ARGN)
      argscope_precompile(test_${room} <gtest/gtest.h>)
    endif()
    add_test(NAME ${room} COMMAND test_${room})
    set_tests_properties(${room} PROPERTIES TIMEOUT 900)
  endif()
endfunction()
