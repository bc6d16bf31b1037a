/* A program that does nothing: what it is called and where it lies is all there is to see. */
int main(void) {
    return 0;
}
