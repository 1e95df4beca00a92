install.packages("dash")
