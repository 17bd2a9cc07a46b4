"""Figures as they come, and a table at the end."""
import json
import sys


class Report:
    def __init__(self, tools):
        self.tools = tools
        self.figures = {}

    def add(self, measurement, tool, figure, value):
        self.figures.setdefault((measurement, figure), {})[tool] = value
        print(f'{measurement:10} {tool:18} {figure}: {value}', file=sys.stderr, flush=True)

    def table(self):
        columns = (['alone'] if any('alone' in row for row in self.figures.values()) else []) + self.tools
        rows = [['measurement', 'figure'] + columns]
        for (measurement, figure), values in self.figures.items():
            rows.append([measurement, figure] + [str(values.get(tool, '')) for tool in columns])
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        rows.insert(1, ['-' * width for width in widths])
        for row in rows:
            print('| ' + ' | '.join(cell.ljust(width) for cell, width in zip(row, widths)) + ' |')

    def write(self, file):
        nested = {}
        for (measurement, figure), values in self.figures.items():
            nested.setdefault(measurement, {})[figure] = values
        with open(file, 'w', encoding='utf-8') as f:
            json.dump(nested, f, indent=1)
            f.write('\n')
