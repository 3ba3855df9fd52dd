// What a room's link test links its whole archive into.
int main() { return 0; }
