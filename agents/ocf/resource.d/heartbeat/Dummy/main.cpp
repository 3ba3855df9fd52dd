// ocf:heartbeat:Dummy. What it does is in agents/lib/dummy.cpp.
#include "agents/lib/dummy.hpp"

int main(int argc, char** argv) { return relevo::agents::dummy_main(argc, argv, false); }
