/**
 * Dotted names of the decorators that mark a stage (manifest §7): ours, and the task decorators of the frameworks that
 * people already use. Data only; `[tool.fastpipe] stage-decorators` adds to it.
 */
export const STAGE_DECORATORS: readonly string[] = [
  "fastpipe.stage",
  // Prefect
  "prefect.task",
  "prefect.flow",
  "prefect.tasks.task",
  "prefect.flows.flow",
  // Dagster
  "dagster.asset",
  "dagster.asset_check",
  "dagster.multi_asset",
  "dagster.graph_asset",
  "dagster.op",
  "dagster.job",
  "dagster.graph",
  // Airflow
  "airflow.decorators.task",
  "airflow.decorators.dag",
  "airflow.sdk.task",
  "airflow.sdk.dag",
  "airflow.sdk.asset",
  "airflow.decorators.setup",
  "airflow.decorators.teardown",
  // ZenML
  "zenml.step",
  "zenml.pipeline",
  "zenml.steps.step",
  "zenml.pipelines.pipeline",
  // Metaflow
  "metaflow.step",
  // Flyte
  "flytekit.task",
  "flytekit.workflow",
  "flytekit.dynamic",
  "union.task",
  "union.workflow",
  // Kedro
  "kedro.pipeline.node",
  "kedro.pipeline.node.node",
  "kedro.pipeline.modular_pipeline.node",
  // redun
  "redun.task",
  // Luigi-like and others
  "d6tflow.task",
  "pipefunc.pipefunc",
  // Hamilton: every function of a driver's modules is a node; these are the ones that say so
  "hamilton.function_modifiers",
  "kfp.dsl.component",
  "kfp.dsl.pipeline",
  "kfp.v2.dsl.component",
  "pytask.task",
  "covalent.electron",
  "covalent.lattice",
  "celery.Celery.task",
  "celery.shared_task",
  "mage_ai.data_preparation.decorators.data_loader",
  "mage_ai.data_preparation.decorators.transformer",
  "mage_ai.data_preparation.decorators.data_exporter",
  "burr.core.action",
  "ploomber.task",
  // Caches keyed by code
  "joblib.Memory.cache",
  "diskcache.Cache.memoize",
  "diskcache.FanoutCache.memoize",
  "streamlit.cache_data",
  "streamlit.cache_resource",
  "streamlit.cache",
  "cachier.cachier",
  "cachier.core.cachier",
  // Pivot
  "pivot.stage",
  "pivot.pipeline.stage",
];
