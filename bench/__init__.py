"""The benchmarks: notify beside its peers and beside what limits them all."""
