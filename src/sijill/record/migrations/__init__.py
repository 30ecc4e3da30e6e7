"""The steps from each released form of the record to the next."""
