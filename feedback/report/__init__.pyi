from .build import ReportRequest as ReportRequest, build_report as build_report
from .chart import font_of as font_of, install_font as install_font, report_png as report_png
from .drift import accepted_since as accepted_since, read_drift as read_drift
from .html import report_body as report_body, report_page as report_page
from .metric_table import arms_of as arms_of, metric_rows as metric_rows
from .parts import PageRow as PageRow, PassageRow as PassageRow
from .passage_questions import answered_questions as answered_questions
from .queries import (
    first_exposure as first_exposure,
    main_currency as main_currency,
    sales_stamp as sales_stamp,
)
from .quoted_pages import page_rows as page_rows, passage_rows as passage_rows
from .report import Report as Report
from .savings import CostModel as CostModel
from .sentences import (
    advice_lines as advice_lines,
    ledger_line as ledger_line,
    model_change_lines as model_change_lines,
    topic_trend as topic_trend,
    verdict_sentence as verdict_sentence,
)
from .strings import ReportStrings as ReportStrings, words_in as words_in
from .text import report_text as report_text
from .unanswered import (
    Unanswered as Unanswered,
    grouped_by_meaning as grouped_by_meaning,
    read_unanswered as read_unanswered,
)
from .visitor_sentences import visitor_lines as visitor_lines
from .week_summary import WeekFigures as WeekFigures, week_figures as week_figures
