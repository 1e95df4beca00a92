library(dash)
