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
  // redun
  "redun.task",
  // Luigi-like and others
  "d6tflow.task",
  "pipefunc.pipefunc",
  "hamilton.function_modifiers.cache",
  "hamilton.function_modifiers.config.when",
  "kfp.dsl.component",
  "kfp.dsl.pipeline",
  "kfp.v2.dsl.component",
  "dvc_stage.stage",
  "pytask.task",
  "covalent.electron",
  "covalent.lattice",
  "mage_ai.data_preparation.decorators.data_loader",
  "mage_ai.data_preparation.decorators.transformer",
  "mage_ai.data_preparation.decorators.data_exporter",
  "burr.core.action",
  "ploomber.task",
  // Caches keyed by code
  "joblib.memory.cache",
  "streamlit.cache_data",
  "streamlit.cache_resource",
  "streamlit.cache",
  "cachier.cachier",
  "cachier.core.cachier",
  "diskcache.memoize",
  // Pivot
  "pivot.stage",
  "pivot.pipeline.stage",
];
