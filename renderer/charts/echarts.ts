import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, CanvasRenderer]);

export type { ECharts };

/** An empty chart in an element; it draws lines only, axes and marks are ours. */
export const createChart = (element: HTMLElement): ECharts => init(element, null, { renderer: 'canvas' });
