package faults

func serveSabotaged(string, []string) int { return 1 }
