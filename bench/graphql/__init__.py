"""What a page of 50 listings with site and commune costs in CPU time, beside other servers of the same page."""
