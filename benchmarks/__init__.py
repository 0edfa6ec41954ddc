"""What training and evaluation cost, beside the floor of the machine and beside other programs: `make bench`."""
