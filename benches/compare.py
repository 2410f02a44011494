"""What `benchplot analyze` took over from: the same table, statistics and figure with pandas and matplotlib.

    python compare.py results.json performance_comparison.png
"""

import json
import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd

PANELS = {
    "total_time": ("Total time by framework", "Total time (s)"),
    "avg_time_per_request": ("Average time per request by framework", "Average time per request (s)"),
}
STATISTICS = ["mean", "min", "max", "std", "median", "count"]


def main(source, picture):
    with open(source, encoding="utf-8") as file:
        results = pd.DataFrame(json.load(file))
    print(results.to_string())
    by_framework = results.groupby("framework", sort=False)
    for metric in PANELS:
        print(f"\n{metric}")
        print(by_framework[metric].agg(STATISTICS))
    means = by_framework["total_time"].mean().sort_values()
    print(f"\nfastest: {means.index[0]}, {means.iloc[-1] / means.iloc[0]:.2f} times as fast as {means.index[-1]}")
    draw(results, picture)


def draw(results, picture):
    figure, panels = plt.subplots(1, 2, figsize=(15, 6))
    for axes, (metric, (title, label)) in zip(panels, PANELS.items()):
        means = results.pivot_table(index="concurrency", columns="framework", values=metric, sort=False).sort_index()
        for framework in means:
            axes.plot(means.index, means[framework], marker="o", label=framework)
        axes.set(title=title, xlabel="Concurrency", ylabel=label)
        axes.grid(True)
        axes.legend()
    figure.savefig(picture, dpi=300)


if __name__ == "__main__":
    main(*sys.argv[1:])
