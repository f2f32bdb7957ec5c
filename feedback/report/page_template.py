"""The report's page as Jinja templates, and its style: phone first, one file that stands alone."""

from typing import Final

STYLE: Final = """
body{max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2933;
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.3}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .45rem;text-align:left;
border-bottom:1px solid #d9dee4;vertical-align:middle}th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.scroll
{overflow-x:auto}
.hint{color:#52606d}.nowrap{white-space:nowrap}th[scope=row]{min-width:7rem}.interval{width:7rem;height:1.25rem;display:block}
.path{width:100%;height:auto;max-height:12rem}.zero{stroke:#9aa5b1}
.interval .reach{stroke-width:4}.open .reach{stroke:#52606d}.open circle{fill:#52606d}
.good .reach{stroke:#2a7f62}.good circle{fill:#2a7f62}
.bad .reach{stroke:#b3413a}.bad circle{fill:#b3413a}
@media (max-width:40rem){.cards thead{display:none}.cards,.cards tbody,.cards tr,.cards th,.cards td
{display:block}.cards tr{padding:.6rem 0;border-bottom:1px solid #d9dee4}.cards th,.cards td
{border:0;padding:.1rem 0;white-space:normal}.cards td{display:flex;justify-content:space-between;
gap:1rem;text-align:right}
.cards td:empty{display:none}.cards td::before{content:attr(data-label);color:#52606d;
text-align:left}.cards .interval{width:100%}}
.path polygon{fill:#dde3e9}.path polyline{fill:none;stroke:#52606d;stroke-width:3}
"""

PAGE: Final = """<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body><main>
{{ body }}
</main></body>
</html>
"""

BODY: Final = """<h1 class="verdict">{{ sentence }}</h1>
{% for line in period %}<p class="hint">{{ line | commands }}</p>
{% endfor %}
<h2>{{ w.todo }}</h2>
<ul>{% for line in todo %}<li>{{ line | commands }}</li>{% endfor %}</ul>
<h2>{{ w.ledger }}</h2>
<p>{{ ledger | commands }}</p>
{% if path %}{{ path }}<p class="hint">{{ path_hint }}</p>{% endif %}
{% for line in savings %}<p>{{ line | commands }}</p>
{% endfor %}
{% for line in models %}<p>{{ line | commands }}</p>
{% endfor %}
{% if visitors %}<h2>{{ w.visitors }}</h2>
{% for line in visitors %}<p{% if loop.first %} class="lead"{% endif %}>{{ line }}</p>
{% endfor %}{% endif %}
<h2>{{ w.measures }}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{{ w.measure }}">
<table class="cards"><thead><tr><th scope="col">{{ w.measure }}</th>
{% for arm, count in arms %}<th scope="col" class="number">{{ arm }} ({{ count }})</th>{% endfor %}
<th scope="col" class="number">{{ w.uplift }}</th><th scope="col">{{ w.interval }}</th>
<th scope="col"></th><th scope="col" class="number">{{ w.pvalue }}</th></tr></thead><tbody>
{% for row in rows %}<tr><th scope="row">{{ row.name }}</th>
{% for value in row.arms %}<td class="number" data-label="{{ arms[loop.index0][0] }}">{{ value }}
</td>{% endfor %}
<td class="number" data-label="{{ w.uplift }}">{{ row.uplift }}</td>
<td class="nowrap" data-label="{{ w.interval }}">{{ row.interval }}</td>
<td>{{ row.drawing }}</td>
<td class="number" data-label="{{ w.pvalue }}">{{ row.pvalue }}</td></tr>
{% endfor %}</tbody></table>
</div>
{% if untold %}<p class="hint">{{ untold }}</p>
{% endif %}
{% if r.verdict == "not yet" %}<p class="note">{{ w.open_hint | commands }}</p>
{% endif %}
<p class="hint">{{ w.intervals }} {{ w.adjusted_p }}</p>
{% for line in adjusted %}<p>{{ line | commands }}</p>
{% endfor %}
{% for line in beside %}<p>{{ line | commands }}</p>
{% endfor %}
{% for note in notes %}<p class="note">{{ note | commands }}</p>
{% endfor %}
{% if lasting %}<h2>{{ w.lasting }}</h2>
<ul>{% for line in lasting %}<li>{{ line | commands }}</li>{% endfor %}</ul>{% endif %}
{% if segments %}<details><summary>{{ w.segments }}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="{{ w.segments }}">
<table class="cards"><thead><tr><th scope="col"></th>
<th scope="col" class="number">{{ w.champion }}</th>
<th scope="col" class="number">{{ w.bought }}</th>
<th scope="col" class="number">{{ w.holdout }}</th>
<th scope="col" class="number">{{ w.bought }}</th>
<th scope="col">{{ w.uplift }}</th><th scope="col" class="number">p (Holm)</th></tr></thead><tbody>
{% for row in segments %}<tr><th scope="row">{{ row[0] }}</th>
<td class="number" data-label="{{ w.champion }}">{{ row[1] }}</td>
<td class="number" data-label="{{ w.bought }}">{{ row[2] }}</td>
<td class="number" data-label="{{ w.holdout }}">{{ row[3] }}</td>
<td class="number" data-label="{{ w.bought }}">{{ row[4] }}</td>
<td class="nowrap" data-label="{{ w.uplift }}">{{ row[5] }}</td>
<td class="number" data-label="p (Holm)">{{ row[6] }}</td></tr>
{% endfor %}</tbody></table></div>
<p class="hint">{{ w.segments_hint }}</p></details>{% endif %}
<h2>{{ w.model_changes }}</h2>
<ul>{% for line in changes %}<li>{{ line | commands }}</li>{% endfor %}</ul>
<h2>{{ w.week }}</h2>
<ul>{% for line in lines %}<li>{{ line | commands }}</li>{% endfor %}</ul>
{% if topics %}
<h2>{{ w.topics }}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{{ w.topics }}">
<table class="cards"><thead><tr><th scope="col">{{ w.topic }}</th>
<th scope="col" class="number">{{ w.questions }}</th>
<th scope="col">{{ w.trend }}</th><th scope="col" class="number">{{ w.handed }}</th>
<th scope="col" class="number">{{ w.down }}</th><th scope="col" class="number">{{ w.earned }}</th>
<th scope="col">{{ w.words }}</th></tr></thead><tbody>
{% for topic, trend in topics %}<tr><th scope="row">{{ topic.asked_in(w.locale) }}</th>
<td class="number" data-label="{{ w.questions }}">{{ topic.questions }}</td>
<td class="nowrap" data-label="{{ w.trend }}">{{ trend }}</td>
<td class="number" data-label="{{ w.handed }}">{{ topic.handed_over }}</td>
<td class="number" data-label="{{ w.down }}">{{ topic.down }}</td>
<td class="number" data-label="{{ w.earned }}">{{ money(topic.revenue) }}</td>
<td data-label="{{ w.words }}">{{ topic.name }}</td></tr>
{% endfor %}</tbody></table></div>
{% endif %}
{% if r.behaviour.unanswered %}
<h2>{{ w.unanswered }}</h2>
<ul>{% for one in r.behaviour.unanswered %}<li>{{ one.text }} ({{ one.times }})</li>{% endfor %}
</ul>
{% endif %}
{% if r.behaviour.disliked %}
<h2>{{ w.disliked }}</h2>
<ul>{% for one in r.behaviour.disliked %}<li><code>{{ one.about }}
</code> ({{ one.times }} ↓): {{ one.text }}</li>{% endfor %}</ul>
{% endif %}
{% if replies %}
<h2>{{ w.replies }}</h2>
<ul>{% for row in replies %}<li>{{ row }}</li>{% endfor %}</ul>
{% endif %}
{% if actions %}
<h2>{{ w.actions }}</h2>
<ul>{% for line in actions %}<li>{{ line | commands }}</li>{% endfor %}</ul>
{% endif %}
{% if pages %}
<h2>{{ w.pages }}</h2>
<ul>{% for row in pages %}<li>{{ row }}</li>{% endfor %}</ul>
{% endif %}
{% for name, rows in groups %}
<details><summary>{{ name }}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="{{ name }}">
<table><thead><tr><th scope="col"></th><th scope="col"></th>
<th scope="col" class="number">{{ w.shoppers }}</th>
{% for title in grouped %}<th scope="col" class="number">{{ title }}</th>{% endfor %}

</tr></thead><tbody>
{% for row in rows %}<tr>{% for value in row %}
<td class="{{ "number" if loop.index > 2 else "nowrap" }}">{{ value }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div></details>
{% endfor %}
"""
