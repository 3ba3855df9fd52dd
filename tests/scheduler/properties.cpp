// Properties of the scheduler over random clusters. See random_cib.hpp for what they look like.
#include <catch2/catch.hpp>
