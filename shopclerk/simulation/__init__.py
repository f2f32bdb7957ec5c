"""The loop over a made-up population: does learning from what people accept lead to the truth?"""
