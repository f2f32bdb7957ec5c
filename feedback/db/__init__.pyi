from .cached import Cached as Cached
from .currencies import (
    DECIMALS as DECIMALS,
    decimals as decimals,
    number_of as number_of,
    read_number as read_number,
    rounded as rounded,
    trimmed_amount as trimmed_amount,
)
from .database import Database as Database
from .dump import (
    CountedLines as CountedLines,
    TableDigest as TableDigest,
    load_snapshot as load_snapshot,
    store_snapshot as store_snapshot,
)
from .errors import (
    ClerkIsSilent as ClerkIsSilent,
    DeskRefused as DeskRefused,
    FeedbackError as FeedbackError,
    StoreAway as StoreAway,
    StoreDamaged as StoreDamaged,
    StoreUnreadable as StoreUnreadable,
    UnknownDialogue as UnknownDialogue,
    UnknownImpression as UnknownImpression,
    UnknownOrder as UnknownOrder,
    UnknownShopper as UnknownShopper,
)
from .forwarders import PUBLIC_ADDRESSES as PUBLIC_ADDRESSES, Forwarders as Forwarders
from .guesses import Guesses as Guesses
from .health import Health as Health
from .jobs import Claim as Claim, Runs as Runs, week_of as week_of
from .model_requests import ModelRequests as ModelRequests
from .notify import Bus as Bus
from .order_states import (
    ORDER_STATES as ORDER_STATES,
    REFUND_STAGES as REFUND_STAGES,
    read_state as read_state,
)
from .period import Period as Period
from .prepared_statements import Prepared as Prepared, Sent as Sent
from .rate_windows import RateLimit as RateLimit, RateWindows as RateWindows
from .retrain_runs import (
    RUN_IN_PROGRESS as RUN_IN_PROGRESS,
    Retraining as Retraining,
    TrainedOn as TrainedOn,
    forget_in_training as forget_in_training,
)
from .shop_time import shop_clock_micros as shop_clock_micros, shop_clock_text as shop_clock_text
from .tables.actions import (
    ActionRun as ActionRun,
    ActionStop as ActionStop,
    StockNotice as StockNotice,
)
from .tables.attention import (
    Attention as Attention,
    InternalNote as InternalNote,
    Presence as Presence,
    Survey as Survey,
)
from .tables.audit import (
    AuditEntry as AuditEntry,
    Forgetting as Forgetting,
    StaffAccount as StaffAccount,
    StaffSession as StaffSession,
)
from .tables.columns import (
    EPOCH as EPOCH,
    MICROSECOND as MICROSECOND,
    MONEY_SCALE as MONEY_SCALE,
    Words as Words,
    from_micros as from_micros,
    to_micros as to_micros,
)
from .tables.desk import (
    DeskCard as DeskCard,
    InboxEvent as InboxEvent,
    OutboxLane as OutboxLane,
    OutboxMessage as OutboxMessage,
    ReviewItem as ReviewItem,
    ReviewSheet as ReviewSheet,
    StaffWait as StaffWait,
)
from .tables.dialogues import (
    AnswerPart as AnswerPart,
    Dialogue as Dialogue,
    DialogueRow as DialogueRow,
    DialogueTurn as DialogueTurn,
    DialogueTurnRow as DialogueTurnRow,
    Impression as Impression,
    ImpressionRow as ImpressionRow,
)
from .tables.files import SharedFile as SharedFile
from .tables.knowledge import (
    PERSON_REPLY_ID as PERSON_REPLY_ID,
    Fact as Fact,
    PastDialogue as PastDialogue,
    Product as Product,
    ProductCost as ProductCost,
    ProductNumber as ProductNumber,
    ProductTranslation as ProductTranslation,
    Question as Question,
    Reply as Reply,
    ReplyVersion as ReplyVersion,
    Supersession as Supersession,
    Variant as Variant,
)
from .tables.mail import MailAddress as MailAddress, ReadMailbox as ReadMailbox
from .tables.pages import (
    Contradiction as Contradiction,
    Page as Page,
    Passage as Passage,
    Source as Source,
)
from .tables.people import (
    Exposure as Exposure,
    Identity as Identity,
    PlannedExperiment as PlannedExperiment,
    ShareChange as ShareChange,
    Shopper as Shopper,
    Uncounted as Uncounted,
)
from .tables.processes import Forwarder as Forwarder, ModelRequest as ModelRequest
from .tables.runs import (
    JobRun as JobRun,
    RetrainRun as RetrainRun,
    Trial as Trial,
    WeeklyReport as WeeklyReport,
)
from .tables.sales import (
    ExchangeRate as ExchangeRate,
    Order as Order,
    OrderAlias as OrderAlias,
    OrderLine as OrderLine,
    ReceivedDelivery as ReceivedDelivery,
    RedactedOrder as RedactedOrder,
    Refund as Refund,
)
from .tables.shop_connections import (
    DataRequest as DataRequest,
    DeletionRequest as DeletionRequest,
    DemoMark as DemoMark,
    FailedGuess as FailedGuess,
    Proposal as Proposal,
    ShopConnection as ShopConnection,
)
from .tables.signals import (
    ActionLabel as ActionLabel,
    Click as Click,
    PageLabel as PageLabel,
    Rating as Rating,
    Review as Review,
)
from .upsert import (
    check_choice as check_choice,
    find as find,
    insert_into as insert_into,
    insert_once as insert_once,
    short_key as short_key,
    take_turns as take_turns,
)
